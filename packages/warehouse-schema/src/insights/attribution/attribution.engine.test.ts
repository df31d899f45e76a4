import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { askInsight } from '../insights.ts';

let engine: TestEngine;

// One person with 100,000 rows: touches of two channels and conversions by turns.
beforeAll(async () => {
  engine = await startTestEngine({ maxMemoryBytes: 1_000_000_000 });
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, channel, retention_days)
     SELECT 1, toString(number), if(number % 2 = 0, '$page', 'buy'), 'heavy',
       fromUnixTimestamp64Milli(toInt64({start:Int64}) + number * 1000) AS timestamp, timestamp,
       if(number % 4 = 0, 'email', 'direct'), 20000
     FROM numbers(100000)`,
    { params: { start: Date.UTC(2026, 2, 1) }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
});
afterAll(() => engine.close());

const ask = (rest: object) =>
  askInsight(
    'attribution',
    { client: engine.reader, projectId: 1 },
    {
      range: { from: '2026-03-01', to: '2026-03-10' },
      conversion: { event: 'buy' },
      ...rest,
    },
  );

it('what is too much of one person is left out, and said', async () => {
  const { result, notices } = await ask({ gap: { value: 0, unit: 'second' } });
  expect(result).toMatchObject({ conversions: 500, unattributed: { conversions: 0 } });
  expect(notices).toEqual([
    { code: 'person_capped', message: expect.stringContaining('1 people have more than 500 touches') },
  ]);
});

it.each<[object, string]>([
  [{ conversion: undefined }, '/conversion'],
  [{ property: 'channel', channels: [{ name: 'a', where: [] }] }, '/channels'],
  [{ property: 'chanel' }, '/property'],
  [{ property: 'properties.unheard' }, '/property'],
  [{ conversion: { property: 'properties.unheard' } }, '/conversion/property'],
  [{ channels: [] }, '/channels'],
  [{ channels: [{ name: 'a', where: [{ property: 'path', operator: 'is' }] }] }, '/channels/0/where/0/value'],
  [{ touch: { where: [{ property: 'pat', operator: 'is_set' }] } }, '/touch/where/0/property'],
  [{ lookback: { value: 0, unit: 'day' } }, '/lookback/value'],
  [{ halfLife: { value: 1, unit: 'month' } }, '/halfLife/unit'],
  [{ gap: { value: -1, unit: 'day' } }, '/gap/value'],
  [{ limit: 101 }, '/limit'],
])('of %j says that the fault is in %s', async (rest, field) => {
  await expect(ask(rest)).rejects.toMatchObject({ code: 'invalid_question', field });
});
