import { expect, it, vi } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import {
  createEvaluator,
  type Definitions,
  type EvaluationContext,
  prepareDefinitions,
} from '../evaluation/index.ts';
import type { Evaluations } from './bootstrap.ts';
import { createVariants } from './create-variants.ts';

const evaluator = createEvaluator(prepareDefinitions(spec.definitions as unknown as Definitions));
const now = Date.parse(spec.now);
// Treatment in "plain" is drawn for user-2, control for user-1.
const units = { anonymousId: 'user-2' };

function setUp({
  evaluations,
  isReady = true,
  isSame = true,
  ...context
}: Partial<EvaluationContext> & {
  evaluations?: Evaluations;
  isReady?: boolean;
  isSame?: boolean;
} = {}) {
  const onUse = vi.fn();
  const variants = createVariants({
    evaluator: () => (isReady ? evaluator : createEvaluator(undefined)),
    evaluations: () => [evaluations],
    isSame: () => isSame,
    context: () => ({ units, now, ...context }),
    onUse,
  });
  return {
    ...variants,
    uses: () => onUse.mock.calls.map(([{ experiment, variant }]) => [experiment, variant]),
    onUse,
  };
}

it('gives a variant, and tells of the use with the version of the definitions', () => {
  const { getVariant, onUse } = setUp();
  expect(getVariant('plain')).toBe('treatment');
  expect(onUse).toHaveBeenCalledWith(
    expect.objectContaining({
      experiment: 'plain',
      variant: 'treatment',
      phase: 2,
      unit: 'user-2',
      reason: 'split',
    }),
    7,
  );
});

it('gives control to whoever takes no part, which is no use', () => {
  const { getVariant, uses } = setUp();
  for (const key of ['nowhere', 'killed', 'from_the_future', 'secret', 'circle', 'toString']) {
    expect(getVariant(key), key).toBe('control');
  }
  expect(uses()).toEqual([]);
});

it('gives a flag, and tells where an experiment decided it', () => {
  const { getFlag, uses } = setUp({ attributes: { email: 'a@example.com' } });
  expect(getFlag('dark_mode', false)).toBe(true);
  expect(getFlag('no_default', 'mine')).toBe('mine');
  expect(uses()).toEqual([]);
  expect(getFlag('color', 'none')).toBe('green');
  expect(uses()).toEqual([['plain', 'treatment']]);
});

it('counts the fallback of a variant that says nothing as that variant', () => {
  const { getFlag, uses } = setUp({ units: { anonymousId: 'user-1' } });
  expect(getFlag('banner', { color: 'white' })).toEqual({ color: 'white' });
  expect(uses()).toEqual([['plain', 'control']]);
});

it('gives the fallback for a value of another type, which nobody has seen', () => {
  const { getFlag, getDetails, uses } = setUp();
  expect(getFlag('color', 3)).toBe(3);
  expect(uses()).toEqual([]);
  expect(getDetails('color', 3)).toMatchObject({ value: 3, reason: 'wrong_type' });
  expect(getFlag('color', undefined)).toBe('green');
});

it('gives details of flags and experiments without a use', () => {
  const { getDetails, uses } = setUp();
  expect(getDetails('color', '')).toMatchObject({
    key: 'color',
    value: 'green',
    experiment: 'plain',
    variant: 'treatment',
    phase: 2,
    reason: 'split',
    version: 7,
  });
  expect(getDetails('plain')).toMatchObject({
    key: 'plain',
    value: { color: 'green' },
    variant: 'treatment',
  });
  expect(getDetails('nowhere', 1)).toEqual({
    key: 'nowhere',
    value: 1,
    variant: 'control',
    reason: 'not_found',
    isFlag: false,
    experiment: 'nowhere',
    version: 7,
  });
  expect(uses()).toEqual([]);
});

it('takes no part by hand', () => {
  const overrides = { plain: 'control', dark_mode: 'true', secret: 'seen', color: 'red' };
  const { getVariant, getFlag, getDetails, uses } = setUp({ overrides });
  expect(getVariant('plain')).toBe('control');
  expect(getVariant('secret')).toBe('seen');
  expect(getFlag('dark_mode', false)).toBe(true);
  expect(getFlag('color', '')).toBe('red');
  expect(getDetails('secret', '')).toMatchObject({ value: 'seen', reason: 'forced' });
  expect(uses()).toEqual([]);
});

const evaluations: Evaluations = {
  version: 8,
  experiments: {
    plain: {
      experiment: 'plain',
      variant: 'control',
      reason: 'split',
      phase: 1,
      unit: 'user-2',
      unitType: 'anonymousId',
    },
    secret: { experiment: 'secret', variant: 'on', reason: 'split', unit: 'u9', unitType: 'userId' },
  },
  flags: {
    color: { flag: 'color', value: 'blue', reason: 'rule' },
    hidden: { flag: 'hidden', value: true, reason: 'default' },
  },
};

it('takes what a server evaluated before its own, with its version', () => {
  const { getVariant, getFlag, onUse } = setUp({ evaluations });
  expect(getVariant('plain')).toBe('control');
  expect(onUse).toHaveBeenCalledWith(evaluations.experiments.plain, 8);
  expect(getFlag('color', '')).toBe('blue');
  expect(getFlag('hidden', false)).toBe(true);
  expect(getFlag('dark_mode', true)).toBe(false);
});

it('takes it for the units alone that it was made for', () => {
  const anonymous = setUp({ evaluations, units: { anonymousId: 'user-2', userId: 'u8' } });
  expect(anonymous.getVariant('plain')).toBe('control');
  expect(anonymous.getDetails('secret')).toMatchObject({ variant: 'control', reason: 'remote' });
  const user = setUp({ evaluations, units: { anonymousId: 'user-1', userId: 'u9' } });
  expect(user.getDetails('plain')).toMatchObject({ version: 7, unit: 'user-1', phase: 2 });
  expect(user.getVariant('secret')).toBe('on');
});

it('takes it for what it cannot evaluate alone, once definitions are newer or the context is another', () => {
  const units = { anonymousId: 'user-2', userId: 'u9' };
  for (const change of [{ evaluations: { ...evaluations, version: 6 } }, { evaluations, isSame: false }]) {
    const { getVariant, getFlag } = setUp({ units, ...change });
    expect(getVariant('plain')).toBe('treatment');
    expect(getFlag('color', '')).toBe('green');
    expect(getVariant('secret')).toBe('on');
  }
});

it('before there are definitions: what was evaluated, else control and fallbacks', () => {
  const { getVariant, getFlag, getDetails } = setUp({ evaluations, isReady: false });
  expect(getVariant('plain')).toBe('control');
  expect(getFlag('hidden', false)).toBe(true);
  expect(getFlag('other', 'mine')).toBe('mine');
  expect(getDetails('other')).toMatchObject({ reason: 'not_ready', variant: 'control', version: 0 });
});
