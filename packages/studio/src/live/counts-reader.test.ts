import { expect, it } from 'vitest';
import { createFakeWarehouse, fakeEvent } from '../testing/fake-warehouse.ts';
import { createCountsReader } from './counts-reader.ts';

function setUp(firstReadingMs: number) {
  let readingMs = firstReadingMs;
  const warehouse = createFakeWarehouse();
  const time = { now: 0, readings: 0 };
  const read = createCountsReader(
    {
      ...warehouse,
      async totals() {
        time.readings += 1;
        time.now += readingMs;
        return warehouse.totals();
      },
    },
    () => time.now,
  );
  return {
    warehouse,
    time,
    read,
    setReadingMs(ms: number) {
      readingMs = ms;
    },
  };
}

it('counts anew while what has arrived may not be in the view yet, and not after', async () => {
  const { warehouse, time, read } = setUp(0);
  await read(true);
  // The table had the event at the reading before; the view has it only now.
  warehouse.add(fakeEvent({ id: '1' }));
  time.now += 300;
  expect((await read(false)).totals.events).toBe(1);
  time.now += 2700;
  await read(false);
  expect(time.readings).toBe(3);
  time.now += 300;
  await read(false);
  expect(time.readings).toBe(3);
});

it('leaves four times as long as a count takes, and forgets no change meanwhile', async () => {
  const { warehouse, time, read } = setUp(100);
  await read(true);
  warehouse.add(fakeEvent({ id: '1' }));
  time.now += 399;
  expect((await read(true)).totals.events).toBe(0);
  time.now += 1;
  expect((await read(false)).totals.events).toBe(1);
});

it('is not slowed by one reading that had to wait, and never leaves more than two seconds', async () => {
  const { time, read, setReadingMs } = setUp(10);
  await read(true);
  time.now += 40;
  setReadingMs(9000);
  await read(true);
  time.now += 40;
  await read(true);
  expect(time.readings).toBe(3);

  const slow = setUp(60_000);
  await slow.read(true);
  slow.time.now += 2000;
  await slow.read(true);
  expect(slow.time.readings).toBe(2);
});

it('counts anew every ten seconds, since what is deleted brings no event', async () => {
  const { time, read } = setUp(0);
  await read(false);
  time.now += 9999;
  await read(false);
  expect(time.readings).toBe(1);
  time.now += 1;
  await read(false);
  expect(time.readings).toBe(2);
});

it('counts again after a failure', async () => {
  const { warehouse, time, read } = setUp(0);
  await read(false);
  warehouse.failure = new Error('gone');
  await expect(read(true)).rejects.toThrow('gone');
  warehouse.failure = undefined;
  await read(false);
  expect(time.readings).toBe(3);
});
