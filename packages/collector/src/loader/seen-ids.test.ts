import { describe, expect, it } from 'vitest';
import { createSeenIds } from './seen-ids.ts';

const seen = (receivedAt: number) => ({ contentHash: 0xffffffff, receivedAt });
const MINUTE = 60_000;

describe('seen ids', () => {
  it('remembers an id per project, as it was added last', () => {
    const ids = createSeenIds({ capacity: 10, forgottenUntil: 0 });
    ids.add(1, 'a', seen(1));
    ids.add(1, 'a', seen(2));
    ids.add(2, 'a', seen(3));
    expect(ids.find(1, 'a')).toEqual(seen(2));
    expect(ids.find(2, 'a')).toEqual(seen(3));
    expect(ids.find(3, 'a')).toBeUndefined();
    expect(ids.size).toBe(2);
  });

  it('forgets the older half when it is full, and covers less from then on', () => {
    const ids = createSeenIds({ capacity: 4, forgottenUntil: 0 });
    const fill = (...names: string[]) => {
      for (const name of names) ids.add(1, name, seen(1));
    };
    fill('a', 'b');
    ids.makeRoom(10 * MINUTE);
    fill('c');
    ids.makeRoom(20 * MINUTE);
    expect(ids.find(1, 'a')).toBeDefined();
    expect(ids.covers(2 * MINUTE)).toBe(true);
    fill('d');
    ids.makeRoom(30 * MINUTE);
    expect(ids.find(1, 'a')).toBeUndefined();
    expect(ids.find(1, 'c')).toBeDefined();
    expect(ids.size).toBe(2);
    // What was forgotten was received up to minute 10; a client's clock may have been set back by 5 seconds.
    expect(ids.covers(10 * MINUTE + 5000)).toBe(false);
    expect(ids.covers(10 * MINUTE + 5001)).toBe(true);
    expect(ids.covers(null)).toBe(false);
  });

  it('covers everything while nothing is forgotten', () => {
    const ids = createSeenIds({ capacity: 2, forgottenUntil: Number.NEGATIVE_INFINITY });
    expect(ids.covers(null)).toBe(true);
    expect(ids.covers(-1)).toBe(true);
  });

  it('takes back what was added', () => {
    const ids = createSeenIds({ capacity: 2, forgottenUntil: 0 });
    ids.add(1, 'a', seen(1));
    ids.makeRoom(0);
    ids.add(1, 'a', seen(2));
    ids.forget(1, 'a', seen(1));
    expect(ids.find(1, 'a')).toEqual(seen(1));
    ids.forget(1, 'a');
    ids.forget(1, 'a');
    expect(ids.find(1, 'a')).toBeUndefined();
    expect(ids.size).toBe(0);
  });
});
