import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGenerationCache } from './generation-cache.ts';

describe('createGenerationCache', () => {
  it('always answers what make would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 })), (keys) => {
        const cache = createGenerationCache<string>(5);
        for (const key of keys) expect(cache.get(`${key}`, (k) => `made of ${k}`)).toBe(`made of ${key}`);
      }),
    );
  });

  it('makes a value once while it is in use', () => {
    const cache = createGenerationCache<string>(2);
    let made = 0;
    for (let turn = 0; turn < 10; turn++) {
      cache.get('kept', () => `${++made}`);
      cache.get(`other ${turn}`, () => '');
    }
    expect(made).toBe(1);
  });

  it('forgets what was not used for two generations', () => {
    const cache = createGenerationCache<string>(2);
    cache.get('a', () => 'first');
    for (let index = 0; index < 5; index++) cache.get(`${index}`, () => '');
    expect(cache.get('a', () => 'second')).toBe('second');
  });

  it('does not keep long keys', () => {
    const cache = createGenerationCache<number>(2);
    let made = 0;
    const key = 'x'.repeat(1001);
    cache.get(key, () => ++made);
    expect(cache.get(key, () => ++made)).toBe(2);
  });
});
