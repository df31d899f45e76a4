import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { runJourneys } from './journeys.ts';
import type { JourneysQuestion } from './journeys-question.ts';

let engine: TestEngine;

/** 100,000 rows of one device, `a` and twice `b` by turns, two in a second: without sessions (project 1), in one (project 2). */
beforeAll(async () => {
  engine = await startTestEngine({ maxMemoryBytes: 1_000_000_000 });
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, anonymous_id, timestamp, received_at, session_id, device_type, retention_days)
     SELECT 1 + number % 2 AS project, toString(number), if(intDiv(number, 2) % 3 = 0, 'a', 'b'), 'heavy',
       fromUnixTimestamp64Milli(toInt64({start:Int64}) + intDiv(number, 2) * 500) AS timestamp, timestamp,
       if(project = 1, '', 's'), 'mobile', 20000
     FROM numbers(200000)`,
    {
      params: { start: Date.UTC(2026, 2, 1) },
      settings: { max_block_size: 20_000, max_insert_threads: 1 },
    },
  );
});
afterAll(() => engine.close());

const range = { from: '2026-03-01', to: '2026-03-10' };

// The reader may use 500 MB: more, and the question would be refused.
it.each<[number, Omit<JourneysQuestion, 'range'>, object]>([
  [1, {}, { people: 1, journeys: 1, paths: [{ steps: ['a', 'b', 'a', 'b', 'a'] }] }],
  [2, { collapse: false }, { journeys: 1, paths: [{ steps: ['a', 'b', 'b', 'a', 'b'] }] }],
  [2, { within: { value: 1, unit: 'day' }, end: 'b' }, { journeys: 1, paths: [{ steps: ['a', 'b'] }] }],
  [
    1,
    { within: { value: 1, unit: 'day' }, exclude: 'a', conversion: { event: 'a' } },
    { journeys: 1, conversion: { steps: { average: 1 }, time: { averageMs: 1000 } } },
  ],
])('100,000 steps of one person, project %d: %j', async (projectId, question, answer) => {
  const { result } = await runJourneys({ client: engine.reader, projectId }, { range, ...question });
  expect(result).toMatchObject(answer);
});
