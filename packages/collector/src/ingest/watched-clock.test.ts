import { expect, it } from 'vitest';
import { createFixture, NOW, trackEvent } from '../testing/collector-fixture.ts';
import { createWatchedClock } from './watched-clock.ts';

const HOUR = 3_600_000;

function settable() {
  let [wall, monotonic] = [NOW, 0];
  const clock = createWatchedClock(
    () => wall,
    () => monotonic,
  );
  return {
    clock,
    pass(ms: number) {
      wall += ms;
      monotonic += ms;
    },
    set(ms: number) {
      wall += ms;
    },
  };
}

it('a clock that runs on was never set while it was watched', () => {
  const { clock, pass } = settable();
  pass(10 * HOUR);
  expect([clock.now(), clock.setAt()]).toEqual([NOW + 10 * HOUR, NOW]);
});

it.each([HOUR, -HOUR, 2000, -2000])('notices that it was set by %i ms, once', (step) => {
  const { clock, pass, set } = settable();
  pass(5000);
  set(step);
  const now = clock.now();
  expect([now, clock.setAt()]).toEqual([NOW + 5000 + step, now]);
  pass(7000);
  clock.now();
  expect(clock.setAt()).toBe(now);
});

it('notices small steps once they add up', () => {
  const { clock, set } = settable();
  for (let step = 0; step < 4; step++) {
    set(300);
    clock.now();
  }
  expect(clock.setAt()).toBe(NOW + 1200);
});

it('does not claim to know when an event was made that is older than the last setting of the clock', async () => {
  const { batch, log } = createFixture({ clockSetAt: () => NOW - 2000 });
  const at = (ageMs: number) => new Date(NOW - ageMs).toISOString();
  await batch(
    [
      trackEvent({ messageId: 'young', timestamp: at(1000) }),
      trackEvent({ messageId: 'old', timestamp: at(3000) }),
      // Not plain enough to be scanned.
      trackEvent({ messageId: 'young\u00e9', timestamp: at(1000) }),
      trackEvent({ messageId: 'old\u00e9', timestamp: at(3000) }),
    ],
    { sentAt: at(0) },
  );
  const marks = log.records.flatMap(({ meta }) => meta.marks.map(([id, madeAt]) => [id, madeAt]));
  expect(marks).toEqual([
    ['young', NOW - 1000],
    ['old', null],
    ['young\u00e9', NOW - 1000],
    ['old\u00e9', null],
  ]);
});
