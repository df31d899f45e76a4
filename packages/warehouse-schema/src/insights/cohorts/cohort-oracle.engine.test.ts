import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reloadPersonDictionary } from '../../people/person-dictionary.ts';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import type { InsightAccess } from '../insight-access.ts';
import { runRetention } from '../retention/retention.ts';
import { readClock, readScope } from '../scope.ts';
import { renderSql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { cohortOracle, type OracleCohort, type OraclePerson } from '../testing/cohort-oracle.ts';
import { retentionOracle } from '../testing/retention-oracle.ts';
import { cohortSql } from './cohort-sql.ts';
import { readCohort } from './read-cohort.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 8;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 9, 1);
const SPAN_HOURS = 40 * 24;
const NOW = Date.UTC(2026, 10, 10, 12);
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

let engine: TestEngine;
let access: InsightAccess;
let people: Map<string, OraclePerson>;

beforeAll(async () => {
  engine = await startTestEngine();
  access = { client: engine.reader, projectId: 1, now: () => NOW };
  // Up to eight rows a person at any hour of forty days; every seventh person has two ids, and rows of both.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, path, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), ['a', 'b', 'c', 'x'][1 + r % 4],
       if(person % 7 = 0 AND bitTest(r, 40), concat('other-', toString(person)), toString(person)),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 4) % ${SPAN_HOURS}) * ${HOUR_MS}) AS timestamp,
       timestamp, ['p', 'q', ''][1 + intDiv(r, 4000) % 3], 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  await engine.admin.command(
    `INSERT INTO person_override_versions SELECT 1, concat('other-', toString(number * 7)), (1, toString(number * 7))
     FROM numbers(${Math.ceil(PEOPLE / 7)})`,
  );
  await reloadPersonDictionary(engine.admin);
  const rows = await engine.admin.query<{ id: string; time: number; event: string; path: string }>(
    'SELECT distinct_id AS id, toUnixTimestamp64Milli(timestamp) AS time, event, path FROM events ORDER BY time',
  );
  people = new Map();
  for (const { id, ...row } of rows) {
    const name = id.replace('other-', '');
    const person = people.get(name) ?? {
      ids: Number(name) % 7 === 0 ? [name, `other-${name}`] : [name],
      rows: [],
    };
    person.rows.push(row);
    people.set(name, person);
  }
});
afterAll(() => engine.close());

const a = { event: 'a' };
const b = { event: 'b' };
const aOnP = { ...a, where: [{ property: 'path' as const, operator: 'is' as const, value: 'p' }] };
const october = { from: '2026-10-05T00:00:00Z', to: '2026-10-25T00:00:00Z' };
const november = { from: '2026-11-01T00:00:00Z', to: '2026-11-09T00:00:00Z' };
const some = { people: ['1', '2', '7', 'other-14', 'other-15', 'nobody'] };

const kinds: [string, OracleCohort][] = [
  ['did', { did: a }],
  ['did with a condition', { did: aOnP }],
  ['did anything in a range', { did: {}, range: november }],
  ['at least', { did: a, atLeast: 2, range: october }],
  ['at most', { did: a, atMost: 1, range: october }],
  ['at most, also never', { did: a, atMost: 0 }],
  ['exactly', { did: { event: ['a', 'b'] }, exactly: 3 }],
  ['exactly never', { did: b, exactly: 0, range: november }],
  ['first did', { firstDid: aOnP, range: october }],
  ['people by any id', some],
  ['all', { all: [{ did: a }, { did: b, range: november }] }],
  ['one and not the other', { all: [{ did: a, range: october }, { not: { did: b, range: november } }] }],
  [
    'any',
    {
      any: [
        { did: a, atLeast: 3 },
        { firstDid: b, range: november },
      ],
    },
  ],
  ['not', { not: { did: a } }],
  ['not one of several', { not: { any: [{ did: a }, { did: b, atLeast: 2 }] } }],
  ['neither', { all: [{ not: { did: a } }, { did: b, atMost: 0 }] }],
  ['people who did', { all: [some, { did: a }] }],
  ['people, or who did', { any: [some, { all: [{ did: a, atLeast: 4 }, { not: { did: b } }] }] }],
  ['all but people', { not: some }],
];

/** What the warehouse finds: the names of all people of whom there are rows. */
async function found(cohort: object): Promise<string[]> {
  const question = { range: { from: '2026-01-01', to: '2027-01-01' } };
  const reader = { clock: readClock(question, NOW), find: async () => undefined };
  const where = cohortSql(await readCohort(cohort, '/cohort', reader), { projectId: 1, bots: false });
  const scope = readScope(question, 1, { segment: { where } });
  const query = renderSql(
    sql`SELECT DISTINCT ${sqlFile('person-name')} AS person FROM events WHERE ${scope.rows()}`,
  );
  const rows = await engine.reader.query<{ person: string }>(query.sql, { params: query.params });
  return rows.map(({ person }) => person).sort();
}

const expected = (cohort: OracleCohort): string[] =>
  [...people].flatMap(([name, person]) => (cohortOracle(cohort, person) ? [name] : [])).sort();

describe(`every one of ${PEOPLE} random people is in the cohort or not as all they did says (MILLRACE_TEST_SEED=${SEED})`, () => {
  it.each(kinds)('%s', async (_name, cohort) => {
    const right = expected(cohort);
    expect(right.length).toBeGreaterThan(0);
    expect(right.length).toBeLessThan(people.size);
    expect(await found(cohort)).toEqual(right);
  });

  it('any tree of them', async () => {
    const random = drawer(SEED);
    for (let n = 0; n < 25; n++) {
      const cohort = grow(random, 3);
      expect(await found(cohort), JSON.stringify(cohort)).toEqual(expected(cohort));
    }
  });
});

it('retention of a cohort is that of its people, and of those who are not in it that of the others', async () => {
  const cohort: OracleCohort = { all: [{ did: b, atLeast: 2 }, { not: { did: aOnP } }] };
  const { segments } = await runRetention(access, {
    range: { from: '2026-10-01', to: '2026-10-11' },
    periods: 5,
    start: a,
    return: b,
    segments: [
      { name: 'in', where: [{ cohort }] },
      { name: 'out', where: [{ cohort, not: true }] },
    ],
  });
  const bounds = Array.from({ length: 16 }, (_, day) => START + day * 24 * HOUR_MS);
  const oracle = { bounds, from: START, to: START + 240 * HOUR_MS, periods: 5, unbounded: false, minimum: 1 };
  for (const isIn of [true, false]) {
    const counts = Array.from({ length: 10 }, () => ({ people: 0, retained: Array<number>(6).fill(0) }));
    for (const person of people.values()) {
      if (cohortOracle(cohort, person) !== isIn) continue;
      const rows = person.rows.map(({ time, event }, id) => ({
        time,
        id: String(id),
        isStart: event === 'a',
        isReturn: event === 'b',
        isCandidate: false,
      }));
      for (const [index, retained] of retentionOracle(rows, {
        ...oracle,
        cohort: 'every_time',
        periodMs: undefined,
      })) {
        const one = counts[index];
        if (!one) throw new Error(`there is no cohort ${index}`);
        one.people++;
        one.retained = one.retained.map((count, period) => count + (retained[period] ? 1 : 0));
      }
    }
    const segment = segments?.find(({ name }) => name === (isIn ? 'in' : 'out'));
    const shown = segment?.result.cohorts.map((one) => ({
      people: one.people,
      retained: one.periods.map((period) => period.people),
    }));
    expect(shown, `MILLRACE_TEST_SEED=${SEED}`).toEqual(counts);
  }
});

/** Whole numbers below a limit, the same for the same seed. */
function drawer(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function grow(random: (below: number) => number, depth: number): OracleCohort {
  const several = () => Array.from({ length: 1 + random(3) }, () => grow(random, depth - 1));
  const choice = [a, b, aOnP, { event: ['b', 'c'] }, {}][random(5)] ?? a;
  const range = [undefined, october, november][random(3)];
  switch (depth === 0 ? 3 + random(5) : random(8)) {
    case 0:
      return { all: several() };
    case 1:
      return { any: several() };
    case 2:
      return { not: grow(random, depth - 1) };
    case 3:
      return { firstDid: choice, range: range ?? october };
    case 4:
      return some;
    case 5:
      return { did: choice, atMost: random(3), ...(range && { range }) };
    case 6:
      return { did: choice, exactly: random(3), ...(range && { range }) };
    default:
      return { did: choice, atLeast: 1 + random(3), ...(range && { range }) };
  }
}
