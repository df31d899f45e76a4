import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { type OracleRow, retentionOracle } from '../testing/retention-oracle.ts';
import { runRetention } from './retention.ts';
import type { RetentionQuestion } from './retention-question.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 8;
const HOUR_MS = 3_600_000;
/** Nepal is off by 45 minutes, Berlin's clock goes forward on the 29th. */
const ZONES = ['Asia/Kathmandu', 'Europe/Berlin'];
const START = Date.UTC(2026, 2, 20);
const SPAN_HOURS = 16 * 24;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

/** Of two times. */
type AbsoluteQuestion = RetentionQuestion & { range: { from: string; to: string } };

interface Row {
  person: string;
  time: number;
  id: string;
  event: string;
  path: string;
}

let engine: TestEngine;
let people: Map<string, Row[]>;

beforeAll(async () => {
  engine = await startTestEngine();
  // Up to eight rows a person at any half hour of sixteen days, so that some share a moment.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, path, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), ['a', 'b', 'x'][1 + r % 3], toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 3) % ${SPAN_HOURS * 2}) * ${HOUR_MS / 2}) AS timestamp,
       timestamp, ['p', 'q'][1 + intDiv(r, 3000) % 2], 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  const rows = await engine.admin.query<Row>(
    `SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) AS time, message_id AS id, event, path
     FROM events ORDER BY time, id`,
  );
  people = new Map(rows.map(({ person }) => [person, []]));
  for (const row of rows) people.get(row.person)?.push(row);
});
afterAll(() => engine.close());

const a = { event: 'a' };
const b = { event: 'b' };
const aOnP = { ...a, where: [{ property: 'path', operator: 'is' as const, value: 'p' }] };

const kinds: [string, Partial<AbsoluteQuestion>][] = [
  ['every start, the same event', { start: a }],
  ['every start, another event', { start: a, return: b }],
  ['unbounded', { start: a, return: b, unbounded: true }],
  ['at least twice', { start: a, return: b, minimum: 2 }],
  ['at least twice, unbounded', { start: a, minimum: 2, unbounded: true }],
  ['first time', { start: aOnP, return: b, cohort: 'first_time' }],
  ['first ever', { start: aOnP, return: b, cohort: 'first_ever' }],
  ['rolling', { start: a, rolling: true }],
  ['rolling, another event, at least twice', { start: a, return: b, rolling: true, minimum: 2 }],
  ['rolling, unbounded', { start: a, return: b, rolling: true, unbounded: true }],
  ['rolling, first time', { start: aOnP, return: b, rolling: true, cohort: 'first_time' }],
  ['rolling, first ever', { start: aOnP, return: b, rolling: true, cohort: 'first_ever' }],
  [
    'by hours',
    { start: a, return: b, interval: 'hour', range: { from: '2026-03-28T20:00', to: '2026-03-29T08:00' } },
  ],
  ['by weeks', { start: a, return: b, interval: 'week' }],
];

describe.each(ZONES)('%s', (timezone) => {
  it.each(kinds)('%s: as by counting each person’s rows', async (_name, given) => {
    const question: AbsoluteQuestion = {
      range: { from: '2026-03-24', to: '2026-03-31' },
      timezone,
      periods: 5,
      start: a,
      ...given,
    };
    const access = { client: engine.reader, projectId: 1, now: () => Date.UTC(2027, 0) };
    const { result } = await runRetention(access, question);
    const expected = countPeople(question, result?.cohorts.length ?? 0);
    expect(expected.some(({ people: count }) => count > 0)).toBe(true);
    const found = result?.cohorts.map(({ people: count, periods: of }) => ({
      people: count,
      retained: of.map((period) => period.people),
    }));
    expect(found, `MILLRACE_TEST_SEED=${SEED}`).toEqual(expected);
  });
});

/** What the answer should be, person by person. */
function countPeople(question: AbsoluteQuestion, cohorts: number) {
  const { interval = 'day', periods = 5, cohort = 'every_time', timezone = 'UTC', range } = question;
  const oracle = {
    cohort,
    bounds: boundsOf(question),
    from: momentOf(range.from, timezone),
    to: momentOf(range.to, timezone),
    periods,
    periodMs: question.rolling ? { hour: 1, day: 24, week: 168, month: 720 }[interval] * HOUR_MS : undefined,
    unbounded: question.unbounded ?? false,
    minimum: question.minimum ?? 1,
  };
  const expected = Array.from({ length: cohorts }, () => ({
    people: 0,
    retained: Array<number>(periods + 1).fill(0),
  }));
  for (const rows of people.values()) {
    const seenRows = rows.map((row) => seen(row, question));
    for (const [index, retained] of retentionOracle(seenRows, oracle)) {
      const one = expected[index];
      if (!one) throw new Error(`cohort ${index} is not in the answer`);
      one.people++;
      one.retained = one.retained.map((count, period) => count + (retained[period] ? 1 : 0));
    }
  }
  return expected;
}

function seen(row: Row, { start, return: back = start, cohort }: RetentionQuestion): OracleRow {
  const is = (choice: RetentionQuestion['start']) =>
    row.event === choice.event && (choice.where === undefined || row.path === 'p');
  return {
    time: row.time,
    id: row.id,
    isStart: is(start),
    isReturn: is(back),
    isCandidate: cohort === 'first_ever' ? row.event === start.event : is(start),
  };
}

/** A time by the clock of a zone, found by trying every quarter of an hour. */
function momentOf(local: string, timezone: string): number {
  const wanted = local.includes('T') ? local : `${local}T00:00`;
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const near = Date.parse(`${wanted}Z`);
  for (let time = near - 15 * HOUR_MS; time < near + 15 * HOUR_MS; time += HOUR_MS / 4) {
    if (shown.format(time).replace(' ', 'T') === wanted) return time;
  }
  throw new Error(`${local} is no time in ${timezone}`);
}

/** Every interval of the range and of the periods after it, as a calendar on the wall has them. */
function boundsOf({ range, timezone = 'UTC', interval = 'day', periods = 5 }: AbsoluteQuestion): number[] {
  const from = momentOf(range.from, timezone);
  const to = momentOf(range.to, timezone);
  const bounds: number[] = [];
  if (interval === 'hour') {
    const count = (to - from) / HOUR_MS;
    return Array.from({ length: count + periods + 1 }, (_, index) => from + index * HOUR_MS);
  }
  // The 23rd is the Monday before.
  const step = interval === 'week' ? 7 : 1;
  let day = Date.UTC(2026, 2, interval === 'week' ? 23 : 24);
  for (let after = 0; after <= periods; day += step * 24 * HOUR_MS) {
    const moment = momentOf(new Date(day).toISOString().slice(0, 10), timezone);
    bounds.push(moment);
    if (moment >= to) after++;
  }
  return bounds;
}
