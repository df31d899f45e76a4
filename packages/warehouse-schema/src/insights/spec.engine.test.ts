import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reloadPersonDictionary } from '../people/person-dictionary.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { askInsight } from './insights.ts';

interface Case {
  name: string;
  /** The file's own insight unless named. */
  insight?: string;
  events: [person: string, event: string, time: string, columns: object][];
  /** Ids that are another's. */
  people?: Record<string, string>;
  question: object;
  answer: object;
}

const folder = new URL('../../../../spec/insights/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    insight: name.replace('.json', ''),
    ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { now: string; cases: Case[] }),
  }));
const cases = files.flatMap(({ insight, now, cases: ofFile }) =>
  ofFile.map((one) => ({ ...one, insight: one.insight ?? insight, file: insight, now: Date.parse(now) })),
);

let engine: TestEngine;

// Every case is a project of its own: one insert for all.
beforeAll(async () => {
  engine = await startTestEngine();
  let number = 0;
  const rows = cases.flatMap(({ events }, index) =>
    events.map(([person, event, time, columns]) =>
      makeEventRow(number++, {
        project_id: index + 1,
        event,
        timestamp: Date.parse(time),
        anonymous_id: person,
        retention_days: 20_000,
        ...columns,
      }),
    ),
  );
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'cases' });
  const merged = cases.flatMap(({ people = {} }, index) =>
    Object.entries(people).map(([id, person]) => ({
      project_id: index + 1,
      distinct_id: id,
      latest: { version: 1, person_id: person },
    })),
  );
  await engine.admin.insertRows('person_override_versions', encodeRows(merged), { token: 'merged' });
  await reloadPersonDictionary(engine.admin);
});
afterAll(() => engine.close());

describe.each(files)('spec/insights/$insight.json', ({ insight }) => {
  it.each(cases.filter(({ file }) => file === insight))('$name', async (one) => {
    const access = { client: engine.reader, projectId: cases.indexOf(one) + 1, now: () => one.now };
    const { result } = await askInsight(one.insight, access, one.question);
    expect(result).toMatchObject(one.answer);
  });
});
