import { expect, it } from 'vitest';
import { seededRandom } from '../../../testing/seeded-random.ts';
import { hasAppeared, hasChanged, hasVanished } from './share-change.ts';

const SEED = Number(process.env.MILLRACE_TEST_SEED ?? 20261121);

it(`chance alone appears, vanishes or changes next to never (MILLRACE_TEST_SEED=${SEED})`, () => {
  const random = seededRandom(SEED);
  const draws = (rows: number, share: number) => {
    let count = 0;
    for (let n = 0; n < rows; n++) if (random() < share) count++;
    return count;
  };
  let said = 0;
  for (let n = 0; n < 3000; n++) {
    const share = random() ** 3;
    const [nowOf, beforeOf] = [1 + Math.floor(random() * 500), 1 + Math.floor(random() * 500)];
    const one = { now: draws(nowOf, share), nowOf, before: draws(beforeOf, share), beforeOf };
    if (hasAppeared(one) || hasVanished(one) || hasChanged(one)) said++;
  }
  expect(said).toBeLessThanOrEqual(1);
});

it('knows what is new, gone or changed by how many rows would have shown it', () => {
  expect(hasAppeared({ now: 50, nowOf: 1000, before: 0, beforeOf: 1000 })).toBe(true);
  expect(hasAppeared({ now: 50, nowOf: 1000, before: 0, beforeOf: 100 })).toBe(false);
  expect(hasAppeared({ now: 3, nowOf: 1000, before: 0, beforeOf: 1000 })).toBe(false);
  expect(hasVanished({ now: 0, nowOf: 1000, before: 50, beforeOf: 1000 })).toBe(true);
  expect(hasVanished({ now: 0, nowOf: 0, before: 50, beforeOf: 1000 })).toBe(false);
  expect(hasChanged({ now: 500, nowOf: 1000, before: 900, beforeOf: 1000 })).toBe(true);
  expect(hasChanged({ now: 5, nowOf: 10, before: 9, beforeOf: 10 })).toBe(false);
  expect(hasChanged({ now: 500, nowOf: 1000, before: 0, beforeOf: 0 })).toBe(false);
});
