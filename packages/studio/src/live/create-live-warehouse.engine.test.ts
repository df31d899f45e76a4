import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLiveWarehouse } from './create-live-warehouse.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

let inserted = 0;

async function insert(count: number, receivedAt: number, event: string, person: string): Promise<void> {
  const lines = Array.from({ length: count }, () => {
    inserted += 1;
    const row = {
      project_id: 1,
      message_id: `m-${inserted}`,
      type: 'track',
      event,
      timestamp: receivedAt - 200,
      received_at: receivedAt,
      anonymous_id: person,
      path: '/shop',
      retention_days: 365,
      content_hash: 1,
      properties: { product_id: 'rye-flour', price: 3.8 },
      log_id: 'test-000000000001',
      log_offset: inserted,
      log_index: 0,
    };
    return Buffer.from(`${JSON.stringify(row)}\n`);
  });
  await engine.admin.insertRows('events', lines);
}

it('reads an empty warehouse as nothing', async () => {
  const live = createLiveWarehouse(engine.reader, 1);
  expect(await live.totals()).toEqual({ events: 0, people: 0 });
  expect(await live.countsByEvent(10)).toEqual([]);
  expect(await live.recentEvents(50)).toEqual([]);
});

it('reads counts, people, seconds and the last events of its project', async () => {
  const live = createLiveWarehouse(engine.reader, 1);
  const now = Date.now();
  await insert(3, now, 'add_to_cart', 'ann');
  await insert(1, now + 1, 'order_completed', 'ben');
  expect(await live.totals()).toEqual({ events: 4, people: 2 });
  expect(await live.countsByEvent(1)).toEqual([{ event: 'add_to_cart', events: 3, people: 1 }]);
  const seconds = await live.eventsPerSecond(60);
  expect(seconds.reduce((sum, second) => sum + second.events, 0)).toBe(4);
  const [newest, ...others] = await live.recentEvents(50);
  expect(others).toHaveLength(3);
  expect(newest).toEqual({
    id: 'm-4',
    event: 'order_completed',
    type: 'track',
    timestamp: now - 199,
    receivedAt: now + 1,
    userId: '',
    anonymousId: 'ben',
    sessionId: '',
    path: '/shop',
    properties: { product_id: 'rye-flour', price: 3.8 },
    traits: {},
    columns: {},
  });
  expect(await createLiveWarehouse(engine.reader, 2).totals()).toEqual({ events: 0, people: 0 });
});

it('finds the last events however long ago they came, and new ones after them', async () => {
  const live = createLiveWarehouse(engine.reader, 1);
  const monthAgo = Date.now() - 40 * 24 * 3_600_000;
  await insert(60, monthAgo, 'product_viewed', 'cat');
  const first = await live.recentEvents(50);
  expect(first).toHaveLength(50);
  expect(first[0]?.id).toBe('m-4');
  expect(first[49]?.event).toBe('product_viewed');
  await insert(2, Date.now(), 'add_to_cart', 'dan');
  const second = await live.recentEvents(50);
  expect(second).toHaveLength(50);
  expect(second.slice(0, 2).map((event) => event.anonymousId)).toEqual(['dan', 'dan']);
});
