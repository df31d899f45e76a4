import type { AnyFlags, FlagValue } from '@millrace/core/variants';
import { useAnswer } from './use-answer.ts';

/**
 * The visitor's value of a flag, or the fallback; where an experiment decides it, an exposure once it is on the page. The
 * client is one of `@millrace/browser-sdk/variants`.
 */
export function useFlag<Fallback>(flag: string, fallback: Fallback): FlagValue<AnyFlags, string, Fallback> {
  return useAnswer(
    ({ getDetails }) => (getDetails ? getDetails(flag, fallback).value : fallback) as never,
    ({ getFlag }) => getFlag?.(flag, fallback),
  );
}
