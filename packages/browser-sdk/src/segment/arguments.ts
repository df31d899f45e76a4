import type { Callback, SegmentOptions } from './types.ts';

/** The arguments of a call in Segment's order, any of which may be left out. */
export interface Given {
  /** The leading texts (a number counts as one): at most `texts` of them. */
  texts: (string | number)[];
  /** Properties or traits. */
  fields: object | undefined;
  options: SegmentOptions;
  callback: Callback | undefined;
}

/** Tells texts, fields, options and callback apart, as Segment's SDK does: by what they are, then by their order. */
export function readArguments(args: unknown[], texts: number): Given {
  const callback = args.find((value): value is Callback => typeof value === 'function');
  const rest = args.filter((value) => typeof value !== 'function');
  let leading = 0;
  // An id that is null or undefined holds its place: identify(null, traits), track(name, undefined, options).
  while (leading < texts && leading < rest.length && !isObject(rest[leading])) leading++;
  const [fields, options] = rest.slice(leading);
  return {
    texts: rest
      .slice(0, leading)
      .filter((value): value is string | number => typeof value === 'string' || typeof value === 'number'),
    fields: isObject(fields) ? fields : undefined,
    options: isObject(options) ? (options as SegmentOptions) : {},
    callback,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
