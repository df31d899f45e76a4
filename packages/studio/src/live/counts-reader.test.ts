import { expect, it } from 'vitest';
import { createFakeWarehouse, fakeEvent } from '../testing/fake-warehouse.ts';
import { createCountsReader } from './counts-reader.ts';

function setUp(readingMs: number) {
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
  return { warehouse, time, read };
}

it('counts anew when something has arrived, and not before', async () => {
  const { warehouse, time, read } = setUp(0);
  await read(false);
  time.now += 300;
  await read(false);
  expect(time.readings).toBe(1);
  warehouse.add(fakeEvent({ id: '1' }));
  expect((await read(true)).totals.events).toBe(1);
  expect(time.readings).toBe(2);
});

it('leaves four times as long as the last count took, and forgets no change meanwhile', async () => {
  const { warehouse, time, read } = setUp(500);
  await read(true);
  warehouse.add(fakeEvent({ id: '1' }));
  time.now += 1999;
  expect((await read(true)).totals.events).toBe(0);
  time.now += 1;
  expect((await read(false)).totals.events).toBe(1);
});

it('counts anew every half minute, since what is deleted brings no event', async () => {
  const { time, read } = setUp(0);
  await read(false);
  time.now += 29_999;
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
