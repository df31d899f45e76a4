import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { countJourneys } from '../testing/count-journeys.ts';
import { journeyOracle, type OracleRow } from '../testing/journey-oracle.ts';
import { runJourneys } from './journeys.ts';
import { type JourneysQuestion, readJourneys } from './journeys-question.ts';
import type { JourneysResult } from './journeys-result.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 9;
const START = Date.UTC(2026, 2, 10);
const MINUTE = 60_000;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

interface Row {
  person: string;
  time: number;
  id: string;
  session: string;
  event: string;
  revenue: number;
}

let engine: TestEngine;
let rows: Row[];

beforeAll(async () => {
  engine = await startTestEngine();
  // Up to nine rows a person, at any ten minutes of eight hours, so that some share a moment. A third of the people have
  // no session's ids; of the others two share theirs, and some rows are of a server, in no session.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, anonymous_id, timestamp, received_at, session_id, device_type, revenue, retention_days)
     SELECT 1, concat(toString(bitXor(r, 255) % 4096), '-', toString(number)), ['a', 'b', 'c', 'shop/1', 'shop/2', 'buy', 'ping'][1 + r % 7],
       toString(person), fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 7) % 48) * ${10 * MINUTE}) AS timestamp, timestamp,
       if(person % 3 = 0 OR intDiv(r, 400) % 8 = 0, '', concat('s', toString(intDiv(person, 2)), '-', toString(intDiv(r, 3200) % 2))),
       if(person % 3 = 0, 'mobile', ''), if(r % 7 = 5, intDiv(r, 7000) % 100, 0), 20000
     FROM (SELECT number, intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  rows = await engine.admin.query<Row>(
    `SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) AS time, message_id AS id,
       multiIf(session_id != '', session_id, device_type != '', 'device', '') AS session, event, toFloat64(revenue) AS revenue
     FROM events ORDER BY time`,
  );
});
afterAll(() => engine.close());

const minutes = (value: number) => ({ value, unit: 'minute' as const });
const kinds: [string, Partial<JourneysQuestion>][] = [
  ['sessions, two apart, three steps', { top: 2, steps: 3 }],
  ['sessions from a start, repeats kept', { start: ['a', 'shop/2'], collapse: false }],
  ['sessions to an end', { end: 'buy', steps: 3, top: 3 }],
  ['sessions from a start to an end', { start: 'shop/*', end: ['buy', 'shop/1'], group: 'shop/*' }],
  ['sessions, groups and noise', { group: ['s*1', 's*', 'b*'], exclude: ['ping', '*c'], top: 2 }],
  ['a time from any step', { within: minutes(60), collapse: false }],
  ['a time to an end', { within: minutes(120), end: 'buy', group: 'shop/*', steps: 4, top: 2 }],
  ['a time from a start to an end', { within: minutes(200), start: 'a', end: 'b*', exclude: 'ping' }],
];

describe(`journeys of ${PEOPLE} random people are what walking through each gives (MILLRACE_TEST_SEED=${SEED})`, () => {
  it.each(kinds)('%s', async (_name, fields) => {
    const question: JourneysQuestion = {
      range: { from: '2026-03-10T01:00', to: '2026-03-10T06:00' },
      where: [{ property: 'event', operator: 'is_not', value: 'c' }],
      conversion: { event: 'buy' },
      ...fields,
    };
    const asked = readJourneys(question);
    const oracle = {
      from: START + 60 * MINUTE,
      to: START + 360 * MINUTE,
      window: asked.windowMs,
      hasStart: asked.start.length > 0,
      hasEnd: asked.end.length > 0,
      collapse: asked.collapse,
      steps: asked.steps,
    };
    const groups = asked.windowMs === undefined ? sessions() : groupBy(rows, ({ person }) => person);
    const found = groups.flatMap((group) => {
      const seen = group.filter(({ event }) => event !== 'c').map((row) => see(row, question));
      return (
        journeyOracle(
          seen.filter(({ isStep, converts }) => isStep || converts),
          oracle,
        ) ?? []
      );
    });
    const expected = countJourneys(found, {
      ...asked,
      hasEnd: oracle.hasEnd,
      backward: oracle.hasEnd && !oracle.hasStart,
    });
    const access = { client: engine.reader, projectId: 1 };
    const { result } = await runJourneys(access, question);
    expect(found.length).toBeGreaterThan(100);
    expect(comparable(result as JourneysResult)).toEqual(comparable(expected));
  });
});

function see(row: Row, question: JourneysQuestion): OracleRow {
  const fits = (names: string | string[] | undefined, name: string) =>
    [names ?? []].flat().find((one) => patternOf(one).test(name));
  return {
    ...row,
    name: fits(question.group, row.event) ?? row.event,
    isStep: fits(question.exclude, row.event) === undefined,
    isStart: fits(question.start, row.event) !== undefined,
    isEnd: fits(question.end, row.event) !== undefined,
    converts: row.event === 'buy',
  };
}

const patterns = new Map<string, RegExp>();

function patternOf(name: string): RegExp {
  const pattern = patterns.get(name) ?? new RegExp(`^${name.replaceAll('*', '.*')}$`);
  patterns.set(name, pattern);
  return pattern;
}

/** The client's sessions, and those of devices: cut where nothing came for more than half an hour. */
function sessions(): Row[][] {
  const ofClients = rows.filter(({ session }) => session !== '' && session !== 'device');
  const devices = groupBy(
    rows.filter(({ session }) => session === 'device'),
    ({ person }) => person,
  );
  const ofDevices = devices.flatMap((all) => {
    const cut: Row[][] = [];
    for (const [index, row] of all.entries()) {
      const before = all[index - 1];
      if (before && row.time - before.time <= 30 * MINUTE) cut.at(-1)?.push(row);
      else cut.push([row]);
    }
    return cut;
  });
  return [...groupBy(ofClients, ({ session }) => session), ...ofDevices];
}

function groupBy(all: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of all) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return [...groups.values()];
}

/** Fractions to the millionth, edges in one order. */
function comparable(result: JourneysResult): unknown {
  const edges = [...result.edges].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value;
  return JSON.parse(JSON.stringify({ ...result, edges }, rounded));
}
