import { own } from '../evaluation.ts';
import { type CodeRanges, complement, ESCAPES, union } from './classes.ts';
import type { PatternState } from './states.ts';

/** A pattern that cannot be read: `at` is where, in code points. */
export class PatternError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(`${message} at ${at}`);
    this.name = 'PatternError';
    this.at = at;
  }
}

const MAX_STATES = 2_000;
const MAX_REPEAT = 100;
const SIMPLE_BOUNDS: { [point: string]: Bounds } = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
};

/** How often the step before may be taken. */
type Bounds = [least: number, most: number];

/**
 * Compiles a regular expression that takes time linear in the text, whatever it says (Thompson's construction,
 * CACM 11(6), 1968), so that no rule can hang a page or a server. Literals, `.`, classes, groups, `|`, `* + ? {m,n}`,
 * `^` and `$`; no look-around, no back-references, no flags. What comes out is plain JSON for matchesStates, so that
 * who only evaluates needs no compiler. Throws a PatternError.
 */
export function compilePattern(source: string): PatternState[] {
  const points = Array.from(source);
  const states: PatternState[] = [];
  let at = 0;

  const fail = (message: string): never => {
    throw new PatternError(at, message);
  };
  const add = (state: PatternState): number => {
    if (states.length >= MAX_STATES) fail('the pattern is too large');
    return states.push(state) - 1;
  };

  const alternatives = (): void => {
    const begin = states.length;
    sequence();
    if (points[at] !== '|') return;
    const left = states.splice(begin);
    at++;
    add(['|', begin + 1, begin + left.length + 2]);
    for (const state of left) add(moved(state, 1));
    const jump = add(['|', 0, 0]);
    alternatives();
    states[jump] = ['|', states.length, states.length];
  };

  const sequence = (): void => {
    while (at < points.length && points[at] !== '|' && points[at] !== ')') {
      const begin = states.length;
      atom();
      repeat(begin);
    }
  };

  const atom = (): void => {
    const point = points[at++] as string;
    if (point === '^') add(['^']);
    else if (point === '$') add(['$']);
    else if (point === '(') group();
    else if ('*+?{'.includes(point)) fail('nothing to repeat');
    else add(['=', ...(point === '.' ? complement([10, 10]) : one(point))]);
  };

  const group = (): void => {
    if (points[at] === '?') {
      if (points[at + 1] !== ':') fail('only (?: ... ) is known');
      at += 2;
    }
    alternatives();
    if (points[at++] !== ')') fail('a group does not end');
  };

  const one = (point: string): CodeRanges => {
    if (point === '[') return set();
    if (point !== '\\') return [codeOf(point), codeOf(point)];
    return escaped();
  };

  const escaped = (): CodeRanges => {
    const letter = points[at++] ?? fail('nothing after the backslash');
    const known = own(ESCAPES, letter);
    if (known) return known;
    if (/[a-z0-9]/i.test(letter)) fail(`\\${letter} is not known`);
    return [codeOf(letter), codeOf(letter)];
  };

  const member = (): CodeRanges => {
    const from = points[at++] as string;
    if (from === '\\') return escaped();
    const to = points[at + 1];
    if (points[at] !== '-' || to === undefined || to === ']') return [codeOf(from), codeOf(from)];
    if (to === '\\' || codeOf(to) < codeOf(from)) fail('a range is out of order');
    at += 2;
    return [codeOf(from), codeOf(to)];
  };

  const set = (): CodeRanges => {
    const negated = points[at] === '^';
    if (negated) at++;
    const members: CodeRanges = [];
    while (points[at] !== ']') {
      if (at >= points.length) fail('a class does not end');
      members.push(...member());
    }
    at++;
    return negated ? complement(union(members)) : union(members);
  };

  const bounds = (): Bounds | undefined => {
    const point = points[at];
    const simple = own(SIMPLE_BOUNDS, point ?? '');
    if (simple) at++;
    return simple ?? (point === '{' ? countedBounds() : undefined);
  };

  const countedBounds = (): Bounds => {
    const [text, least, comma, most] =
      /^\{(\d+)(,?)(\d*)\}/.exec(points.slice(at, at + 12).join('')) ?? fail('{ wants {m}, {m,} or {m,n}');
    at += (text as string).length;
    const min = Number(least);
    const max = most ? Number(most) : comma ? Number.POSITIVE_INFINITY : min;
    if (max < min || min > MAX_REPEAT || (most && max > MAX_REPEAT)) {
      fail(`a repeat is at most ${MAX_REPEAT}, and in order`);
    }
    return [min, max];
  };

  const repeat = (begin: number): void => {
    const range = bounds();
    if (!range) return;
    if (points[at] === '?') at++; // Lazy or greedy, the texts that match are the same.
    if (points[at] !== undefined && '*+?{'.includes(points[at] as string)) fail('a repeat of a repeat');
    const [min, max] = range;
    const body = states.splice(begin);
    const copy = (): void => {
      const offset = states.length - begin;
      for (const state of body) add(moved(state, offset));
    };
    for (let i = 0; i < min; i++) copy();
    if (max === Number.POSITIVE_INFINITY) {
      const loop = add(['|', states.length + 1, 0]);
      copy();
      add(['|', loop, loop]);
      states[loop] = ['|', loop + 1, states.length];
    } else {
      const end = states.length + (max - min) * (body.length + 1);
      for (let i = min; i < max; i++) {
        add(['|', states.length + 1, end]);
        copy();
      }
    }
  };

  alternatives();
  if (at < points.length) fail('a ) without its (');
  add(['.']);
  return states;
}

function codeOf(point: string): number {
  return point.codePointAt(0) as number;
}

function moved(state: PatternState, by: number): PatternState {
  return state[0] === '|' ? ['|', state[1] + by, state[2] + by] : state;
}
