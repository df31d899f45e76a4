import { afterAll, beforeAll, expect, it } from 'vitest';
import { reloadPersonDictionary } from '../../people/person-dictionary.ts';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { encodeRows, makeEventRow } from '../../testing/make-event-row.ts';
import { checkCohort } from './check-cohort.ts';
import { dropCohortLists, snapshotPeople, writeCohortList } from './cohort-lists.ts';
import { type CohortPeopleQuestion, runCohortPeople } from './cohort-people.ts';

const PEOPLE = 30_000;
let engine: TestEngine;
const stored: Record<string, object> = {};

beforeAll(async () => {
  engine = await startTestEngine();
  // Everybody visits, every third person buys an hour later.
  const rows = Array.from({ length: PEOPLE }, (_, n) => [
    { anonymous_id: `visitor-${n}`, event: 'visited', timestamp: Date.UTC(2026, 10, 1, 8) },
    ...(n % 3 === 0
      ? [{ anonymous_id: `visitor-${n}`, event: 'bought', timestamp: Date.UTC(2026, 10, 1, 9) }]
      : []),
  ]).flat();
  await engine.admin.insertRows('events', encodeRows(rows.map((row, n) => makeEventRow(n, row))));
});
afterAll(() => engine.close());

const access = () => ({
  client: engine.admin,
  projectId: 1,
  now: () => Date.UTC(2026, 10, 2),
  findCohort: async (name: string) => stored[name],
});
async function countOf(question: CohortPeopleQuestion): Promise<number | undefined> {
  const { result } = await runCohortPeople({ ...access(), client: engine.reader }, question);
  return result?.count;
}
const listed = async () =>
  engine.admin.query<{ id: string; ids: number }>(
    'SELECT list_id AS id, count() AS ids FROM cohort_members GROUP BY id ORDER BY ids',
  );

it('keeps a list of more people than one insert takes, each once, and follows merges found later', async () => {
  const ids = Array.from({ length: PEOPLE }, (_, n) => `visitor-${n}`);
  const list = await writeCohortList(engine.admin, 1, [...ids, ...ids.slice(0, 100), 'phone', '\\"\n']);
  expect(list.ids).toBe(PEOPLE + 2);
  stored.all = { list: list.id, ids: list.ids };
  expect(await countOf({ where: [{ cohort: 'all' }] })).toBe(PEOPLE);
  const phone = await writeCohortList(engine.admin, 1, ['phone']);
  stored.phone = { list: phone.id, ids: 1 };
  expect(await countOf({ where: [{ cohort: 'phone' }] })).toBe(0);
  await engine.admin.command("INSERT INTO person_override_versions VALUES (1, 'phone', (1, 'visitor-5'))");
  await reloadPersonDictionary(engine.admin);
  expect(await countOf({ where: [{ cohort: 'phone' }] })).toBe(1);
});

it('keeps all whom a funnel lost, or who are in a cohort, as they are now', async () => {
  const funnel = {
    range: { from: '2026-11-01', to: '2026-11-02' },
    steps: [{ event: 'visited' }, { event: 'bought' }],
  };
  const lost = await snapshotPeople(access(), 'funnel-people', { ...funnel, step: 2, outcome: 'dropped' });
  expect(lost.ids).toBe((PEOPLE / 3) * 2);
  const buyers = await snapshotPeople(access(), 'cohort-people', {
    where: [{ cohort: { did: { event: 'bought' } } }],
  });
  expect(buyers.ids).toBe(PEOPLE / 3);
  stored.buyers = { list: buyers.id, ids: buyers.ids };
  // Who buys afterwards is not in it.
  await engine.admin.insertRows(
    'events',
    encodeRows([
      makeEventRow(90_000, {
        anonymous_id: 'visitor-1',
        event: 'bought',
        timestamp: Date.UTC(2026, 10, 1, 9),
      }),
    ]),
  );
  expect(await countOf({ where: [{ cohort: 'buyers' }] })).toBe(PEOPLE / 3);
  expect(await countOf({ where: [{ cohort: { did: { event: 'bought' } } }] })).toBe(PEOPLE / 3 + 1);
});

it('lists people by name, of the range where one is named', async () => {
  const { result } = await runCohortPeople({ ...access(), client: engine.reader }, { limit: 2 });
  expect(result).toEqual({ count: PEOPLE, people: ['visitor-0', 'visitor-1'] });
  expect(await countOf({ range: { from: '2026-11-01T08:30', to: '2026-11-02' } })).toBe(PEOPLE / 3 + 1);
});

it('refuses to keep what is no list of people', async () => {
  const snapshot = (name: string, question: object) => snapshotPeople(access(), name, question);
  await expect(snapshot('trends', {})).rejects.toMatchObject({ field: '/insight' });
  await expect(snapshot('cohort-people', { segments: [{ name: 'a', where: [] }] })).rejects.toMatchObject({
    field: '/segments',
  });
  await expect(snapshot('cohort-people', { where: [{ cohort: 'none' }] })).rejects.toMatchObject({
    field: '/where/0/cohort',
  });
});

it('lets go of lists that no cohort has, once nobody can be making them', async () => {
  const before = await listed();
  const kept = before.at(-1)?.id ?? '';
  await dropCohortLists(engine.admin, 1, [kept]);
  expect(await listed()).toEqual(before);
  await engine.admin.command(
    'ALTER TABLE cohort_members UPDATE added_at = added_at - INTERVAL 2 HOUR WHERE true',
    {
      settings: { mutations_sync: 1 },
    },
  );
  await dropCohortLists(engine.admin, 2, []);
  expect(await listed()).toEqual(before);
  await dropCohortLists(engine.admin, 1, [kept]);
  expect((await listed()).map(({ id }) => id)).toEqual([kept]);
});

it('a cohort is checked before it is stored, also for being made of itself', async () => {
  const found = { other: { not: { cohort: 'self' } }, self: { did: {} } } as Record<string, object>;
  const check = (definition: unknown) => checkCohort('self', definition, async (name) => found[name]);
  await check({ did: { event: 'bought' } });
  await expect(check({ any: [{ cohort: 'other' }] })).rejects.toThrow('made of itself');
  await expect(check({ done: {} })).rejects.toMatchObject({ field: '/definition' });
});
