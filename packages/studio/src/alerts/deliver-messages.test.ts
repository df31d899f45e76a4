import { expect, it } from 'vitest';
import { whatNext } from './deliver-messages.ts';

const FAILED = { delivered: false, status: 500, error: 'answered 500' };

it('tries again at growing intervals, and gives up after a day', () => {
  const createdAt = new Date(0);
  let [now, attempts] = [0, 0];
  const waits: number[] = [];
  for (;;) {
    const next = whatNext(FAILED, { attempts, createdAt }, now, () => 0.5);
    if (typeof next !== 'number') {
      expect(next).toBe('given_up');
      break;
    }
    waits.push(next - now);
    now = next;
    attempts++;
  }
  expect(waits.slice(0, 7)).toEqual([5, 15, 45, 135, 405, 1215, 3600].map((seconds) => seconds * 1000));
  expect(now).toBeLessThanOrEqual(86_400_000);
  expect(now).toBeGreaterThan(86_400_000 - 3_600_000);
});

it('is done with 2xx, and gives up at once where the receiver is gone', () => {
  const of = { attempts: 0, createdAt: new Date() };
  expect(whatNext({ delivered: true, status: 200, error: null }, of, Date.now())).toBe('delivered');
  expect(whatNext({ ...FAILED, status: 410 }, of, Date.now())).toBe('given_up');
});
