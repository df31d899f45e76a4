/**
 * A step of a compiled pattern, as plain JSON: take a code point that is in one of the ranges `from, to`, go two ways,
 * hold at an end of the text, or be done.
 */
export type PatternState =
  | ['=', ...ranges: number[]]
  | ['|', left: number, right: number]
  | ['^']
  | ['$']
  | ['.'];

/** Whether a match begins anywhere in the text. All states are followed at once, each entered once for a code point. */
export function matchesStates(states: readonly PatternState[], text: string): boolean {
  const codes = Array.from(text, (point) => point.codePointAt(0) as number);
  let entered = new Set<number>();
  for (let position = 0; position <= codes.length; position++) {
    const next = new Set<number>();
    entered.add(0);
    // What is added on the way is visited as well.
    for (const at of entered) {
      const state = states[at] as PatternState;
      if (state[0] === '.') return true;
      if (state[0] === '=' && isIn(state, codes[position])) next.add(at + 1);
      for (const way of waysOn(state, at, position === 0, position === codes.length)) entered.add(way);
    }
    entered = next;
  }
  return false;
}

/** The states that are reached without a code point. */
function waysOn([kind, ...ways]: PatternState, at: number, atStart: boolean, atEnd: boolean): number[] {
  if (kind === '|') return ways;
  return (kind === '^' && atStart) || (kind === '$' && atEnd) ? [at + 1] : [];
}

function isIn([, ...ranges]: ['=', ...ranges: number[]], code = Number.NaN): boolean {
  return ranges.some((from, i) => !(i & 1) && code >= from && code <= (ranges[i + 1] as number));
}
