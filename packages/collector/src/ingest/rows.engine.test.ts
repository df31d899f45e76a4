import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, NOW, trackEvent } from '../testing/collector-fixture.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await engine.close();
});

const count = async (table: string): Promise<number> => {
  const [row] = await engine.admin.query<{ n: string }>(`SELECT count() AS n FROM ${table}`);
  return Number(row?.n);
};

/** Sends batches through the collector and their lines, as they stand, into the tables. */
async function load(batches: unknown[][]): Promise<{ rows: number; rejected: number }> {
  const { batch, log } = createFixture();
  for (const events of batches) await batch(events);
  const [rows, rejected] = [log.rows().length, log.rejected().length];
  if (rows > 0)
    await engine.admin.insertRows(
      'events',
      log.records.map((record) => record.rows),
    );
  if (rejected > 0)
    await engine.admin.insertRows(
      'rejected_events',
      log.records.map((record) => record.rejected),
    );
  return { rows, rejected };
}

describe('what the collector writes', () => {
  it('is taken by the tables, whatever clients send', async () => {
    const text = fc.string({ unit: 'binary' });
    const fields = fc.dictionary(
      fc.oneof(text, fc.constantFrom('reason', 'product_id', 'revenue', 'a.b', 'a', '__proto__')),
      fc.jsonValue(),
    );
    const event = fc.record(
      {
        type: fc.constantFrom('track', 'page', 'identify', 'group', 'alias', 'screen'),
        event: text,
        messageId: text,
        userId: text,
        timestamp: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        properties: fields,
        traits: fields,
        context: fc.record(
          {
            page: fc.record({ url: fc.webUrl({ withQueryParameters: true }), title: text }),
            screen: fc.record({ width: fc.double(), height: fc.integer() }),
            userAgent: fc.constantFrom('curl/8', 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X)'),
            other: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['type', 'event', 'userId'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 20 }), async (events) => {
        const before = [await count('events'), await count('rejected_events')];
        const { rows, rejected } = await load([events]);
        expect([await count('events'), await count('rejected_events')]).toEqual([
          (before[0] ?? 0) + rows,
          (before[1] ?? 0) + rejected,
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('is read back as it was meant', async () => {
    await load([
      [
        trackEvent({
          messageId: 'read-back',
          userId: 'ü',
          timestamp: '2099-01-01T00:00:00Z',
          properties: { revenue: '12.5', currency: 'eur', deep: { a: [1, 'x'] } },
          context: {
            page: { url: 'https://shop.example.com/p?utm_source=news&utm_medium=email' },
            userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
            app: { build: 7 },
          },
        }),
      ],
    ]);
    const [row] = await engine.admin.query<Record<string, unknown>>(
      `SELECT event, user_id, distinct_id, toUnixTimestamp64Milli(timestamp) AS at, clock_clamped, is_bot, bot_reasons,
              toString(revenue) AS revenue, currency, channel, hostname, ip, properties, context
       FROM events WHERE message_id = 'read-back'`,
    );
    expect(row).toMatchObject({
      event: 'Clicked',
      user_id: 'ü',
      distinct_id: 'ü',
      clock_clamped: true,
      is_bot: true,
      bot_reasons: ['crawler'],
      revenue: '12.5',
      currency: 'EUR',
      channel: 'email',
      hostname: 'shop.example.com',
      ip: '203.0.113.0',
      properties: { revenue: '12.5', deep: { a: [1, 'x'] } },
      context: { app: { build: expect.anything() } },
    });
    expect(Number(row?.at)).toBe(NOW);
  });
});
