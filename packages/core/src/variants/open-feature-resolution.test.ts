import { expect, it, vi } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { createEvaluator, type Definitions, prepareDefinitions } from '../evaluation/index.ts';
import { createVariants } from './create-variants.ts';
import { resolveForOpenFeature } from './open-feature-resolution.ts';

function setUp(units: { [type: string]: string } = { anonymousId: 'user-2' }, isReady = true) {
  const evaluator = createEvaluator(prepareDefinitions(spec.definitions as unknown as Definitions));
  const onUse = vi.fn();
  const variants = createVariants({
    evaluator: () => (isReady ? evaluator : createEvaluator(undefined)),
    evaluations: () => [],
    isSame: () => true,
    context: () => ({ units, now: Date.parse(spec.now) }),
    onUse,
  });
  return {
    resolve: (key: string, fallback: unknown) => resolveForOpenFeature(variants, key, fallback),
    onUse,
  };
}

it.each<[string, unknown, object, uses: number]>([
  ['color', 'none', { value: 'green', reason: 'SPLIT', variant: 'treatment' }, 1],
  ['dark_mode', true, { value: false, reason: 'DEFAULT' }, 0],
  ['plain', 'none', { value: 'treatment', reason: 'SPLIT', variant: 'treatment' }, 1],
  ['plain', {}, { value: { color: 'green' }, reason: 'SPLIT', variant: 'treatment' }, 1],
  ['plain', false, { value: false, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' }, 0],
  ['color', 3, { value: 3, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' }, 0],
  ['nowhere', 'mine', { value: 'mine', reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' }, 0],
  ['killed', 'mine', { value: 'control', reason: 'DISABLED' }, 0],
])('gives %s with the fallback %j', (key, fallback, expected, uses) => {
  const { resolve, onUse } = setUp();
  expect(resolve(key, fallback)).toMatchObject(expected);
  expect(onUse).toHaveBeenCalledTimes(uses);
});

it('says where it comes from', () => {
  expect(setUp().resolve('color', '').flagMetadata).toEqual({
    reason: 'split',
    version: 7,
    experiment: 'plain',
    phase: 2,
  });
});

it('asks for the unit of an experiment, and says when there are no definitions yet', () => {
  expect(setUp({}).resolve('plain', '')).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  expect(setUp({}, false).resolve('plain', 'mine')).toMatchObject({
    value: 'mine',
    errorCode: 'PROVIDER_NOT_READY',
  });
});
