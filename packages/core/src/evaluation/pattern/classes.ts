/** Code points, as pairs `from, to` in order and apart. */
export type CodeRanges = number[];

const MAX_CODE = 0x10ffff;

/** The pairs in order, those that touch as one. */
export function union(ranges: CodeRanges): CodeRanges {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] as number, ranges[i + 1] as number]);
  pairs.sort(([a], [b]) => a - b);
  const joined: CodeRanges = [];
  for (const [from, to] of pairs) {
    const end = joined.at(-1);
    if (end !== undefined && from <= end + 1) joined[joined.length - 1] = Math.max(end, to);
    else joined.push(from, to);
  }
  return joined;
}

/** Every code point that is not in the ranges, which are in order and apart. */
export function complement(ranges: CodeRanges): CodeRanges {
  const rest: CodeRanges = [];
  let next = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] as number;
    if (from > next) rest.push(next, from - 1);
    next = (ranges[i + 1] as number) + 1;
  }
  if (next <= MAX_CODE) rest.push(next, MAX_CODE);
  return rest;
}

const digit = [48, 57];
const word = [48, 57, 65, 90, 95, 95, 97, 122];
const space = [9, 13, 32, 32, 160, 160];

/** What a letter stands for after a backslash, as in ECMAScript without its flags, in ASCII and the no-break space. */
export const ESCAPES: { [letter: string]: CodeRanges } = {
  d: digit,
  w: word,
  s: space,
  D: complement(digit),
  W: complement(word),
  S: complement(space),
  n: [10, 10],
  r: [13, 13],
  t: [9, 9],
};
