import { expect, it } from 'vitest';
import { nextState, type RuleState } from './next-state.ts';

const WORDS = { b: 'breach', f: 'fine', u: 'unknown' } as const;
const SIGNS = { ok: 'o', firing: 'F', unknown: '?' } as const;

/** The states that a row of verdicts leads through, and the changes that are told. */
function run(verdicts: string, rule: { for?: number; clear?: number }) {
  let state: RuleState | null = null;
  let [states, told] = ['', ''];
  for (const sign of verdicts as Iterable<keyof typeof WORDS>) {
    const next = nextState(state, WORDS[sign], rule);
    states += SIGNS[next.state];
    told += next.change === undefined ? '-' : next.change === 'firing' ? '!' : '.';
    state = next;
  }
  return [states, told];
}

it.each([
  ['fbbbff', {}, 'oFFFoo', '-!--.-'],
  ['fbfbbfb', { for: 2 }, 'ooooFoo', '----!.-'],
  ['bbbfbffff', { for: 3, clear: 2 }, '??FFFFooo', '--!---.--'],
  ['bbuubff', { for: 2, clear: 2 }, '?FFFFFo', '-!----.'],
  ['ffuuf', { for: 2 }, 'ooo?o', '-----'],
  ['buub', { for: 2 }, '????', '----'],
])('%s with %j is %s, told %s', (verdicts, rule, states, told) => {
  expect(run(verdicts, rule)).toEqual([states, told]);
});

it('tells in turns, whatever is said', () => {
  for (let code = 0; code < 3 ** 7; code++) {
    const verdicts = code
      .toString(3)
      .padStart(7, '0')
      .replace(/[012]/g, (digit) => 'bfu'[Number(digit)] ?? '');
    for (const rule of [{}, { for: 2 }, { for: 3, clear: 2 }]) {
      const [, told = ''] = run(verdicts, rule);
      expect(told.replaceAll('-', '')).toMatch(/^(!\.)*!?$/);
    }
  }
});
