import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { expect, it } from 'vitest';
import { createMessageIds } from './message-id.ts';

it('makes UUIDs of version 7 that never meet and never descend, also when the clock is set back', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  let now = Date.UTC(2026, 0, 1);
  const newId = createMessageIds({ now: () => now, fill: (bytes) => random.fill(bytes) });
  let last = '';
  for (let i = 0; i < 50_000; i++) {
    if (i % 9_000 === 0) now += i === 18_000 ? -60_000 : 1_000;
    const id = newId();
    if (!/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id) || id <= last) {
      expect.fail(`${id} after ${last}, seed ${seed}`);
    }
    last = id;
  }
});

it('tells the millisecond', () => {
  const now = Date.UTC(2026, 6, 1, 12, 30, 15, 123);
  const id = createMessageIds({ now: () => now, fill: (bytes) => bytes.fill(255) })();
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
});
