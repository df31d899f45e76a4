import { describe, expect, it } from 'vitest';
import { createSeededRandom, freshSeed } from './testing/index.ts';
import { createUuidV7 } from './uuid.ts';

const source = ({ fill }: ReturnType<typeof createSeededRandom>) => ({ getRandomValues: fill });

const millisecondsOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('createUuidV7', () => {
  it('makes ids of version 7 and the RFC variant that begin with the time', () => {
    const now = Date.UTC(2026, 10, 20);
    const id = createUuidV7({ now: () => now }, source(createSeededRandom(1)))();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(millisecondsOf(id)).toBe(now);
  });

  it('ascends within a millisecond, past the end of its counter', () => {
    const now = 1_000_000;
    const newId = createUuidV7({ now: () => now }, source(createSeededRandom(2)));
    const ids = Array.from({ length: 10_000 }, newId);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(millisecondsOf(ids.at(-1) ?? '') - now).toBeLessThanOrEqual(3);
  });

  it('ascends while the clock jumps both ways', () => {
    const seed = freshSeed();
    const random = createSeededRandom(seed);
    let now = 1_000_000;
    const newId = createUuidV7({ now: () => now }, source(random));
    let previous = '';
    for (let i = 0; i < 10_000; i++) {
      now += Math.floor(random.next() * 10) - 5;
      const id = newId();
      expect(id > previous, `seed ${seed}: ${id} after ${previous}`).toBe(true);
      previous = id;
    }
  });

  it('never meets the ids of another generator of the same millisecond', () => {
    const random = createSeededRandom(3);
    const ids = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const newId = createUuidV7({ now: () => 5 }, source(random));
      for (let j = 0; j < 10; j++) ids.add(newId());
    }
    expect(ids.size).toBe(10_000);
  });
});
