import { useAnswer } from './use-answer.ts';

/**
 * The visitor's variant of an experiment, `control` for whoever takes no part; an exposure once it is on the page. The
 * client is one of `@millrace/browser-sdk/variants`.
 */
export function useVariant<Variant extends string = string>(experiment: string): Variant {
  return useAnswer(
    ({ getDetails }) => getDetails?.(experiment).variant ?? 'control',
    ({ getVariant }) => getVariant?.(experiment),
  ) as Variant;
}
