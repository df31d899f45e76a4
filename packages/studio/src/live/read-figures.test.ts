import { expect, it } from 'vitest';
import { createFakeWarehouse, fakeEvent } from '../testing/fake-warehouse.ts';
import { createFiguresReader, fillSeconds } from './read-figures.ts';

it('measures waits from the second reading on, since the first finds events of unknown age', async () => {
  const warehouse = createFakeWarehouse();
  let now = 10_000;
  const read = createFiguresReader(warehouse, () => now);
  warehouse.add(fakeEvent({ id: 'old', timestamp: 0, receivedAt: 100 }));
  expect((await read()).figures.clickToVisible).toBeNull();

  warehouse.add(fakeEvent({ id: 'new', timestamp: 10_100, receivedAt: 10_300 }));
  now = 10_500;
  const { figures } = await read();
  expect(figures.clickToVisible).toEqual({ p50: 400, p95: 400, samples: 1 });
  expect(figures.receivedToVisible).toEqual({ p50: 200, p95: 200, samples: 1 });
});

it('does not take an event that was made long before it came for a click', async () => {
  const warehouse = createFakeWarehouse();
  const read = createFiguresReader(warehouse, () => 1_000_000);
  await read();
  warehouse.add(fakeEvent({ id: 'imported', timestamp: 0, receivedAt: 999_900 }));
  const { figures } = await read();
  expect(figures.clickToVisible).toBeNull();
  expect(figures.receivedToVisible?.p50).toBe(100);
});

it('forgets waits after a minute', async () => {
  const warehouse = createFakeWarehouse();
  let now = 1000;
  const read = createFiguresReader(warehouse, () => now);
  await read();
  warehouse.add(fakeEvent({ id: '1', timestamp: 900, receivedAt: 950 }));
  expect((await read()).figures.clickToVisible?.samples).toBe(1);
  now += 60_001;
  expect((await read()).figures.clickToVisible).toBeNull();
});

it('has one count for each of the last 60 seconds, the current one last', () => {
  const counts = fillSeconds(
    [
      { second: 1000, events: 5 },
      { second: 941, events: 2 },
      { second: 940, events: 9 },
    ],
    1000_999,
  );
  expect(counts).toHaveLength(60);
  expect(counts[0]).toBe(2);
  expect(counts[59]).toBe(5);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
});
