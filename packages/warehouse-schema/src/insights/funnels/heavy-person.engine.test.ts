import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import type { FunnelsQuestion } from './funnel-question.ts';
import { runFunnels } from './funnels.ts';
import { maxRowsOfPerson } from './people-sql.ts';

let engine: TestEngine;

/** 100,000 rows of one person, then a purchase: all of `view` (project 1), or `view` and `cart` by turns (project 2). */
beforeAll(async () => {
  engine = await startTestEngine({ maxMemoryBytes: 1_000_000_000 });
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, retention_days)
     SELECT 1 + number % 2 AS project, toString(number),
       multiIf(number >= 200000, 'buy', project = 1 OR intDiv(number, 2) % 2 = 0, 'view', 'cart'), 'heavy',
       fromUnixTimestamp64Milli(toInt64({start:Int64}) + number * 100) AS timestamp, timestamp, 20000
     FROM numbers(200002)`,
    {
      params: { start: Date.UTC(2026, 2, 1) },
      settings: { max_block_size: 20_000, max_insert_threads: 1 },
    },
  );
});
afterAll(() => engine.close());

const range = { from: '2026-03-01', to: '2026-03-10' };
const [view, cart, buy] = [{ event: 'view' }, { event: 'cart' }, { event: 'buy' }];
const ask = async (projectId: number, question: Omit<FunnelsQuestion, 'range'>) => {
  const { result, notices } = await runFunnels({ client: engine.reader, projectId }, { range, ...question });
  return { people: result?.groups[0]?.steps.map(({ people }) => people), notices };
};

// The reader may use 500 MB: more, and the question would be refused.
it('a step that one person repeated 100,000 times costs no more than a few, and changes no figure', async () => {
  const timeToConvert = {};
  expect(await ask(1, { steps: [view, view, buy], timeToConvert })).toEqual({
    people: [1, 1, 1],
    notices: [],
  });
  expect(await ask(1, { steps: [view, view, view] })).toEqual({ people: [1, 1, 1], notices: [] });
  expect(await ask(2, { steps: [view, cart, buy] })).toEqual({ people: [1, 1, 1], notices: [] });
});

it.each<Omit<FunnelsQuestion, 'range'>>([
  { steps: [view, cart, view, buy] },
  { steps: [view, cart, buy], timeToConvert: {} },
  { steps: [view, cart, buy], exclusions: [{ event: 'x', after: 1, before: 2 }] },
  { order: 'strict', steps: [view, view, cart, buy], exclusions: [{ event: 'x', after: 1, before: 3 }] },
  { order: 'unordered', steps: [view, cart, buy], exclusions: [{ event: 'x' }] },
  { steps: [view, cart, buy], order: 'strict' },
  { steps: [view, cart, buy], order: 'unordered' },
])('what is too much of one person is left out, and said: %j', async (question) => {
  const { people, notices } = await ask(2, question);
  expect(people?.at(-1)).toBe(0);
  expect(notices).toContainEqual({
    code: 'person_capped',
    message: expect.stringContaining(`1 people have more than ${maxRowsOfPerson(question)} rows`),
  });
});
