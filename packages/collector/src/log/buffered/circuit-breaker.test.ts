import { expect, it } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.ts';

function open() {
  const clock = { now: 0 };
  const changes: (string | undefined)[] = [];
  const breaker = createCircuitBreaker({
    minPauseMs: 100,
    maxPauseMs: 350,
    now: () => clock.now,
    onChange: (reason) => changes.push(reason),
  });
  return { breaker, clock, changes };
}

it('waits twice as long after each probe that failed, up to its limit', () => {
  const { breaker, clock } = open();
  const pauses: number[] = [];
  for (let probe = 0; probe < 4; probe++) {
    breaker.trip('away');
    pauses.push(breaker.probeInMs());
    clock.now += breaker.probeInMs();
  }
  expect(pauses).toEqual([100, 200, 350, 350]);
});

it('counts what was under way when it opened as one failure', () => {
  const { breaker, clock } = open();
  for (let n = 0; n < 50; n++) breaker.trip('away');
  expect(breaker.probeInMs()).toBe(100);
  clock.now = 100;
  expect(breaker.probeInMs()).toBe(0);
});

it('tells of each change once, and starts afresh when it has closed', () => {
  const { breaker, clock, changes } = open();
  breaker.trip('away');
  clock.now = 100;
  breaker.trip('still away');
  expect(breaker.reason()).toBe('still away');
  breaker.close();
  breaker.close();
  breaker.trip('again');
  expect(breaker.probeInMs()).toBe(100);
  expect(changes).toEqual(['away', undefined, 'again']);
});
