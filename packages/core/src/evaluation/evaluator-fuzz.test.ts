import { expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { createSeededRandom, freshSeed } from '../testing/index.ts';
import type { Definitions } from './definitions.ts';
import type { EvaluationContext } from './evaluation.ts';
import { createEvaluator } from './evaluator.ts';

const STRANGE: unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10_001,
  '',
  'x',
  '__proto__',
  '\ud800',
  '2026-13-45',
  [],
  [null],
  {},
  { not: {} },
  { attribute: 'a', op: 'matches', value: '(' },
  { segment: 'staff' },
];

it('throws for no document and no caller, however damaged', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random.next() * items.length)] as Item;

  /** Puts something strange into a place somewhere in the value. */
  const damage = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || random.next() < 0.05) return pick(STRANGE);
    const keys = Object.keys(value);
    if (keys.length === 0) return pick(STRANGE);
    const key = pick(keys);
    const copy: { [key: string]: unknown } = Array.isArray(value) ? ([...value] as never) : { ...value };
    copy[key] = damage(copy[key]);
    return copy;
  };

  const keys = [
    ...Object.keys(spec.definitions.experiments),
    ...Object.keys(spec.definitions.flags),
    '__proto__',
    '',
  ];
  for (let round = 0; round < 2_000; round++) {
    let definitions: unknown = spec.definitions;
    for (let times = 1 + Math.floor(random.next() * 4); times > 0; times--) definitions = damage(definitions);
    const context = {
      units: pick([{}, { anonymousId: pick(STRANGE) }, { anonymousId: 'user-1', userId: 7 }]),
      attributes: pick([undefined, { country: pick(STRANGE), email: pick(STRANGE), version: pick(STRANGE) }]),
      overrides: pick([undefined, undefined, { plain: pick(STRANGE), dark_mode: pick(STRANGE) }]),
      sticky: pick([undefined, () => pick(STRANGE)]),
      now: pick([0, Date.parse(spec.now), Number.NaN]),
    } as EvaluationContext;
    try {
      const evaluator = createEvaluator(definitions as Definitions);
      for (const key of keys) {
        expect(typeof evaluator.assign(key, context).variant).toBe('string');
        expect(typeof evaluator.resolve(key, context).reason).toBe('string');
      }
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}: ${JSON.stringify(definitions)}`, { cause: error });
    }
  }
});
