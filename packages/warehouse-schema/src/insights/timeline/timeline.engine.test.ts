import { afterAll, beforeAll, expect, it } from 'vitest';
import { followPeople } from '../../people/follow-people.ts';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { encodeRows, makeEventRow } from '../../testing/make-event-row.ts';
import { runTimeline } from './timeline.ts';
import type { TimelineQuestion } from './timeline-question.ts';

let engine: TestEngine;
const NOON = Date.UTC(2026, 10, 20, 12);

beforeAll(async () => {
  engine = await startTestEngine();
  const row = (n: number, over: object, project_id = 1) =>
    makeEventRow(n, { project_id, timestamp: NOON, anonymous_id: '', retention_days: 20_000, ...over });
  const rows = [
    ...Array.from({ length: 25 }, (_, n) =>
      row(n, {
        anonymous_id: 'phone',
        event: 'tap',
        message_id: `tap-${n}`,
        timestamp: NOON + Math.floor(n / 4),
      }),
    ),
    row(90, { type: 'identify', event: '$identify', anonymous_id: 'phone', user_id: 'ada' }),
    row(91, { user_id: 'ada', event: 'bought', timestamp: NOON - 5 }),
    row(92, { user_id: 'bob', event: 'bought' }),
    row(93, { anonymous_id: 'phone', event: 'elsewhere' }, 2),
    row(94, { user_id: 'ada', event: 'crawled', is_bot: true }),
  ];
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'rows' });
  const people = followPeople({ client: engine.admin, intervalMs: 600_000, log: () => {} });
  await people.look();
  await people.close();
});
afterAll(() => engine.close());

const range = { from: '2026-11-20', to: '2026-11-21' };
const ask = async (question: Omit<TimelineQuestion, 'range'>) => {
  const { result } = await runTimeline({ client: engine.reader, projectId: 1 }, { range, ...question });
  if (!result) throw new Error('no result');
  return result;
};

it('has what a person did under all their ids, asked for by any of them', async () => {
  const [byUser, byDevice] = [await ask({ person: 'ada' }), await ask({ person: 'phone' })];
  expect(byUser.person).toBe('ada');
  expect(byUser.events).toHaveLength(27);
  expect(byUser.events[0]).toMatchObject({ event: 'tap', messageId: 'tap-24', distinctId: 'phone' });
  expect(byUser.events.at(-1)).toMatchObject({ event: 'bought', distinctId: 'ada' });
  expect(byDevice).toEqual(byUser);
  expect((await ask({ person: 'bob' })).events).toHaveLength(1);
});

it.each(['newest', 'oldest'] as const)('page by page, %s first, each event comes once', async (first) => {
  const whole = await ask({ person: 'ada', order: first });
  expect(whole.next).toBeNull();
  expect(whole.events).toHaveLength(27);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await ask({ person: 'ada', order: first, limit: 9, ...(after && { after }) });
    expect(page.events).toHaveLength(9);
    seen.push(...page.events.map(({ messageId }) => messageId));
    after = page.next;
  } while (after);
  expect(seen).toEqual(whole.events.map(({ messageId }) => messageId));
});

it('refuses a place that no answer said', async () => {
  for (const after of ['x', 'WzEsMl0', Buffer.from('[1e99,"a"]').toString('base64url')])
    await expect(ask({ person: 'ada', after })).rejects.toMatchObject({
      code: 'invalid_question',
      field: '/after',
    });
});
