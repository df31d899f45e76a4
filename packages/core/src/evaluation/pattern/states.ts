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
  const entered: number[] = [];
  let current: number[] = [];
  for (let position = 0; ; position++) {
    const code = codes[position];
    const next: number[] = [];
    current.push(0);
    for (let at = current.pop(); at !== undefined; at = current.pop()) {
      if (entered[at] === position) continue;
      entered[at] = position;
      const state = states[at] as PatternState;
      if (state[0] === '.') return true;
      if (state[0] !== '=') current.push(...waysOn(state, at, position === 0, code === undefined));
      else if (isIn(state, code)) next.push(at + 1);
    }
    if (code === undefined) return false;
    current = next;
  }
}

/** The states that are reached without a code point. */
function waysOn([kind, ...ways]: PatternState, at: number, atStart: boolean, atEnd: boolean): number[] {
  if (kind === '|') return ways;
  return (kind === '^' ? atStart : atEnd) ? [at + 1] : [];
}

function isIn(state: ['=', ...ranges: number[]], code: number | undefined): boolean {
  if (code !== undefined) {
    for (let i = 1; i < state.length; i += 2) {
      if (code >= (state[i] as number) && code <= (state[i + 1] as number)) return true;
    }
  }
  return false;
}
