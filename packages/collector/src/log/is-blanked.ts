/** True for the line at `begin` that a deletion left of a row: an empty object, padded to the row's length. */
export function isBlanked(lines: Buffer, begin: number): boolean {
  return lines[begin + 1] === CLOSING_BRACE && lines[begin + 2] === SPACE;
}

const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
