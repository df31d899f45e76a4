import { expect, it } from 'vitest';
import { createExposureFilter, exposureKey, exposureProperties } from './exposure.ts';

const assignment = {
  experiment: 'checkout',
  phase: 2,
  variant: 'one_page',
  unit: 'u1',
  unitType: 'anonymousId',
  bucketingVersion: 1,
  reason: 'split' as const,
};

it('says everything that the variant can be recomputed from, and not the payload', () => {
  expect(exposureProperties({ ...assignment, sticky: true, payload: { secret: 1 } }, 7)).toEqual({
    ...assignment,
    definitionsVersion: 7,
  });
});

it('names an environment that is not production', () => {
  expect(exposureProperties(assignment, 7, 'staging')).toMatchObject({ environment: 'staging' });
  expect(exposureProperties(assignment, 7, 'production')).toEqual(exposureProperties(assignment, 7));
});

it('is one exposure by session, experiment, phase, unit and variant alone', () => {
  const key = exposureKey(assignment, 's1');
  expect(exposureKey({ ...assignment, reason: 'sticky', payload: 1 }, 's1')).toBe(key);
  const others = [
    exposureKey(assignment, 's2'),
    ...[{ experiment: 'x' }, { phase: 3 }, { unit: 'u2' }, { variant: 'control' }].map((change) =>
      exposureKey({ ...assignment, ...change }, 's1'),
    ),
  ];
  expect(new Set([key, ...others]).size).toBe(6);
});

it('knows each key once, of as many as it may', () => {
  const isNew = createExposureFilter(2, ['a']);
  expect(['a', 'b', 'b', 'a', 'c', 'b', 'a'].map(isNew)).toEqual([
    false,
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
});
