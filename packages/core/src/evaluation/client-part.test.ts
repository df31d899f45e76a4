import { expect, it } from 'vitest';
import { createSeededRandom, freshSeed } from '../testing/index.ts';
import { clientPart } from './client-part.ts';
import type { Definitions, Experiment } from './definitions.ts';
import { createEvaluator } from './evaluator.ts';
import { prepareDefinitions } from './prepare.ts';
import { randomDefinitions } from './testing/random-definitions.ts';

it('holds no text of what only the server may see, and evaluates the rest as the whole document does', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  let left = 0;
  for (let round = 0; round < 300; round++) {
    const { definitions, hidden, shown, randomContext } = randomDefinitions(random);
    const served = clientPart(prepareDefinitions(definitions));
    const says = `seed ${seed}, round ${round}: ${JSON.stringify(definitions)}`;

    expect(JSON.stringify(served), says).not.toContain('secret');
    expect(served.remote, says).toEqual([...hidden].sort());
    expect([...Object.keys(served.flags), ...Object.keys(served.experiments)].sort(), says).toEqual(
      shown.sort(),
    );

    const whole = createEvaluator(prepareDefinitions(definitions));
    const part = createEvaluator(JSON.parse(JSON.stringify(served)));
    for (let caller = 0; caller < 5; caller++) {
      const context = randomContext();
      for (const key of shown) {
        expect(part.assign(key, context), says).toEqual(whole.assign(key, context));
        expect(part.resolve(key, context), says).toEqual(whole.resolve(key, context));
      }
      for (const key of hidden) {
        const reasons = [part.assign(key, context).reason, part.resolve(key, context).reason];
        expect(reasons, says).toEqual(['remote', 'remote']);
      }
    }
    left += hidden.length;
  }
  expect(left, `seed ${seed}`).toBeGreaterThan(0);
});

const plain: Experiment = {
  bucketingVersion: 1,
  enabled: true,
  phases: [
    {
      number: 1,
      trafficSalt: 't',
      variantSalt: 'v',
      traffic: { start: 0, end: 10_000 },
      variants: [{ start: 0, end: 10_000, variant: 'b' }],
    },
  ],
};
const document = (change: Partial<Definitions>): Definitions => ({
  format: 1,
  version: 1,
  flags: {},
  experiments: {},
  ...change,
});

it('keeps segments, layers and holdouts that clients need, also by way of another segment, and no others', () => {
  const { segments, layers, holdouts } = clientPart(
    document({
      segments: {
        inner: { attribute: 'a', op: 'exists' },
        outer: { any: [{ not: { segment: 'inner' } }] },
        idle: { attribute: 'b', op: 'exists' },
        ofTheHidden: { attribute: 'email', op: 'in', value: ['ada@example.com'] },
      },
      attributes: { email: {}, score: { serverOnly: true } },
      layers: { used: { salt: 'l' }, idle: { salt: 'm' } },
      holdouts: { used: { salt: 'h', start: 0, end: 1 }, idle: { salt: 'i', start: 0, end: 1 } },
      experiments: {
        one: {
          ...plain,
          if: { segment: 'outer' },
          holdouts: ['used'],
          layer: { key: 'used', ranges: [{ start: 0, end: 1 }] },
        },
        hidden: {
          ...plain,
          if: { all: [{ segment: 'ofTheHidden' }, { attribute: 'score', op: 'gt', value: 9 }] },
          holdouts: ['idle'],
          layer: { key: 'idle', ranges: [] },
        },
      },
    }),
  );
  expect([segments, layers, holdouts].map((table) => Object.keys(table ?? {}).sort())).toEqual([
    ['inner', 'outer'],
    ['used'],
    ['used'],
  ]);
});

it('leaves out what the document keeps to the server by name, and what rests on it', () => {
  const { remote, flags } = clientPart(
    document({
      remote: ['hand_picked'],
      flags: {
        hand_picked: { type: 'boolean', enabled: true },
        rests: { type: 'boolean', enabled: true, prerequisites: [{ flag: 'hand_picked', values: [true] }] },
        free: { type: 'boolean', enabled: true },
      },
    }),
  );
  expect(remote).toEqual(['hand_picked', 'rests']);
  expect(Object.keys(flags)).toEqual(['free']);
});

it('leaves out what depends on itself', () => {
  const circle = document({
    experiments: { round: { ...plain, prerequisites: [{ experiment: 'round', variants: ['b'] }] } },
    segments: { a: { segment: 'b' }, b: { segment: 'a' } },
    flags: { lost: { type: 'boolean', enabled: true, rules: [{ if: { segment: 'a' }, value: true }] } },
  });
  expect(clientPart(circle).remote).toEqual(['lost', 'round']);
});

it.each(['layers', 'holdouts'] as const)('leaves out what needs a unit of the server by its %s', (kind) => {
  const named = kind === 'layers' ? { layer: { key: 'x', ranges: [] } } : { holdouts: ['x'] };
  const { remote } = clientPart(
    document({
      attributes: { account: { serverOnly: true } },
      [kind]: { x: { salt: 's', unitType: 'account', start: 0, end: 1 } },
      experiments: { one: { ...plain, ...named } },
    }),
  );
  expect(remote).toEqual(['one']);
});
