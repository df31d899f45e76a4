import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { encodeRows, makeEventRow } from '../../testing/make-event-row.ts';
import type { InsightAccess } from '../insight-access.ts';
import { askInsight } from '../insights.ts';

const LIST = '0192e7a0-0000-4000-8000-000000000001';
let engine: TestEngine;
let access: InsightAccess;

/** What the project has stored. */
const stored: Record<string, object> = {
  buyers: { did: { event: 'bought' } },
  'not-buyers': { not: { cohort: 'buyers' } },
  invited: { list: LIST, ids: 2 },
  recent: { did: {}, range: { last: '2 days' } },
  circle: { any: [{ cohort: 'circle-2' }] },
  'circle-2': { not: { cohort: 'circle' } },
  broken: { did: { event: 'bought' }, atLeast: 0 },
};

beforeAll(async () => {
  engine = await startTestEngine();
  access = {
    client: engine.reader,
    projectId: 1,
    now: () => Date.UTC(2026, 10, 3, 12),
    findCohort: async (name) => stored[name],
  };
  const rows = [
    ['ada', 'visited', 1],
    ['ada', 'bought', 3],
    ['bob', 'visited', 2],
    ['eve', 'visited', 3],
  ] as const;
  await engine.admin.insertRows(
    'events',
    encodeRows([
      ...rows.map(([anonymous_id, event, day], n) =>
        makeEventRow(n, { anonymous_id, event, timestamp: Date.UTC(2026, 10, day, 8) }),
      ),
      makeEventRow(8, {
        anonymous_id: 'bot',
        event: 'bought',
        is_bot: true,
        timestamp: Date.UTC(2026, 10, 1),
      }),
      // The same person of another project is somebody else.
      makeEventRow(9, {
        anonymous_id: 'bob',
        event: 'bought',
        project_id: 2,
        timestamp: Date.UTC(2026, 10, 1),
      }),
    ]),
    { token: 'rows' },
  );
  await engine.admin.command(
    `INSERT INTO cohort_members (project_id, list_id, distinct_id) VALUES (1, '${LIST}', 'eve'), (1, '${LIST}', 'nobody'), (2, '${LIST}', 'bob')`,
  );
});
afterAll(() => engine.close());

const range = { from: '2026-11-01', to: '2026-12-01' };
async function peopleWhere(where: object[], rest: object = {}): Promise<number | undefined> {
  const question = { range, series: [{ measure: 'people' }], where, ...rest };
  const { result } = await askInsight('trends', access, question);
  return (result as { lines: { total: number }[] }).lines[0]?.total;
}

describe('a cohort in a condition', () => {
  it.each([
    ['by name', [{ cohort: 'buyers' }], 1],
    ['not in it', [{ cohort: 'buyers', not: true }], 2],
    ['made of another', [{ cohort: 'not-buyers' }], 2],
    ['a list, of this project', [{ cohort: 'invited' }], 1],
    ['as of the question’s moment', [{ cohort: 'recent' }], 3],
    [
      'one of several',
      [{ any: [{ cohort: 'buyers' }, { property: 'distinct_id', operator: 'is', value: 'eve' }] }],
      2,
    ],
    ['defined in place', [{ cohort: { did: { event: 'visited' }, exactly: 0 } }], 0],
    [
      'with conditions of its own',
      [{ cohort: { did: { where: [{ property: 'event', operator: 'is', value: 'bought' }] } } }],
      1,
    ],
  ])('%s', async (_name, where, people) => {
    expect(await peopleWhere(where)).toBe(people);
  });

  it('is made of all that the people did, and not of what the question is about', async () => {
    const where = [{ cohort: 'buyers' }, { property: 'event', operator: 'is', value: 'visited' }];
    expect(await peopleWhere(where, { range: { from: '2026-11-01', to: '2026-11-02' } })).toBe(1);
  });

  it('counts bots where the question does', async () => {
    expect(await peopleWhere([{ cohort: 'buyers' }], { bots: true })).toBe(2);
  });

  it('stands in the conditions of a step, and of a segment', async () => {
    const inCohort = [{ cohort: 'buyers' }];
    const question = {
      range,
      steps: [{ event: 'visited' }, { event: 'visited', where: inCohort }, { event: 'bought' }],
      order: 'unordered',
      segments: [
        { name: 'in', where: inCohort },
        { name: 'out', where: [{ cohort: 'buyers', not: true }] },
      ],
    };
    const { segments, definition } = await askInsight('funnels', access, question);
    const counts = (segments as { result: { groups: { steps: { people: number }[] }[] } }[]).map(
      ({ result }) => result.groups[0]?.steps.map(({ people }) => people),
    );
    expect(counts).toEqual([
      [1, 1, 0],
      [2, 0, 0],
    ]);
    expect(definition).toContain('the person is in the cohort buyers');
  });
});

describe('what is no cohort', () => {
  it.each([
    [{ cohort: 'none' }, '/where/0/cohort', 'no cohort of the name "none"'],
    [{ cohort: {} }, '/where/0/cohort', 'one of the fields did'],
    [{ cohort: { did: {}, atLeast: 0 } }, '/where/0/cohort/atLeast', '>= 1'],
    [{ cohort: { did: {}, atLeast: 1, atMost: 2 } }, '/where/0/cohort/atMost', 'does not go with atLeast'],
    [{ cohort: { did: { evnt: 'a' } } }, '/where/0/cohort/did/evnt', 'is no field of this'],
    [{ cohort: { did: { where: [{ cohort: 'buyers' }] } } }, '/where/0/cohort/did/where/0', ''],
    [{ cohort: { firstDid: { event: 'a' } } }, '/where/0/cohort/range', 'is required'],
    [{ cohort: { did: {}, range: { last: '3 fortnights' } } }, '/where/0/cohort/range/last', 'such as'],
    [{ cohort: { all: [{ not: { people: 'ada' } }] } }, '/where/0/cohort/all/0/not/people', 'array'],
    [{ cohort: { list: LIST } }, '/where/0/cohort', 'one of the fields'],
    [{ cohort: 'circle' }, '/where/0/cohort', 'made of itself'],
    [{ cohort: 'broken' }, '/where/0/cohort', 'is not sound'],
    [{ cohort: 5 }, '/where/0/cohort', ''],
    [
      { cohort: { did: { where: [{ property: 'properties.none', operator: 'is_set' }] } } },
      '/where/0/cohort/did/where/0/property',
      'no event',
    ],
  ])('%j', async (condition, field, message) => {
    const error = await peopleWhere([condition]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid_question', message: expect.stringContaining(message) });
    expect((error as { field: string }).field.startsWith(field)).toBe(true);
  });

  it('is too much of one', async () => {
    const many = { any: Array.from({ length: 20 }, () => ({ any: [{ did: {} }, { did: {} }] })) };
    await expect(peopleWhere([{ cohort: many }])).rejects.toThrow('at most 50 parts');
  });

  it.each(["'; DROP TABLE events; --", '\\', '{x:String}', "a' OR 1=1"])('%j stays a text', async (text) => {
    expect(await peopleWhere([{ cohort: { people: [text] } }])).toBe(0);
    expect(await peopleWhere([{ cohort: { did: { event: text } } }])).toBe(0);
    await expect(peopleWhere([{ cohort: text }])).rejects.toThrow('no cohort of the name');
  });
});
