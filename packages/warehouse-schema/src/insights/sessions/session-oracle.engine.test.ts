import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { dayCounter } from '../testing/activity-oracle.ts';
import { type OracleSession, percentile, type SessionRow, sessionOracle } from '../testing/session-oracle.ts';
import { runSessions, type SessionsQuestion } from './sessions.ts';

const DEVICES = 20_000;
const MOST_ROWS = 10;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 26);
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

let engine: TestEngine;
let rows: SessionRow[];

beforeAll(async () => {
  engine = await startTestEngine();
  const insert = (select: string) =>
    engine.admin.command(
      `INSERT INTO events (project_id, message_id, event, type, anonymous_id, user_id, session_id, timestamp, received_at, path, user_agent, is_bot, retention_days)
       SELECT 1, concat(device, '-', toString(n)), 'e', ['page', 'page', 'track', 'identify'][1 + r % 4], device,
         if(intDiv(r, 4) % 7 = 0, concat('user-', toString(r % 3000)), ''),
         if(intDiv(r, 28) % 3 = 0, concat(device, '/', toString(intDiv(r, 84) % 2)), ''),
         fromUnixTimestamp64Milli(at) AS timestamp, timestamp, ['/', '/a', '/b', ''][1 + intDiv(r, 168) % 4],
         if(intDiv(r, 672) % 9 = 0, '', 'agent'), intDiv(r, 6048) % 60 = 0, 20000
       FROM (${select})`,
      { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
    );
  // Ten minutes apart, within some hours of a day that is a device's own: pauses of exactly 30 minutes, rows of one moment.
  await insert(
    `SELECT concat('d', toString(intDiv(number, ${MOST_ROWS}))) AS device, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r,
       {start:Int64} + toInt64(cityHash64(device, {seed:UInt64}) % 120 * 6 + intDiv(r, 400000) % 30) * ${10 * MINUTE_MS} AS at
     FROM numbers(${DEVICES * MOST_ROWS}) WHERE n <= cityHash64(device) % ${MOST_ROWS}`,
  );
  // Devices that never pause, for three days.
  await insert(
    `SELECT concat('busy', toString(intDiv(number, 217))) AS device, number % 217 AS n, 6916 + number % 4 AS r,
       {start:Int64} + toInt64(n * 20 + intDiv(number, 217)) * ${MINUTE_MS} AS at
     FROM numbers(${217 * 20})`,
  );
  rows = await engine.admin.query<SessionRow>(
    `SELECT message_id AS id, anonymous_id AS device, session_id AS session, user_id AS user, type, path, user_agent AS agent,
       is_bot AS bot, toUnixTimestamp64Milli(timestamp) AS time FROM events`,
  );
});
afterAll(() => engine.close());

const near = (value: number) => expect.closeTo(value, -1);

function figures(sessions: OracleSession[]) {
  const count = sessions.length;
  const durations = sessions.map(({ duration }) => duration);
  const events = sessions.reduce((sum, session) => sum + session.rows.length, 0);
  return {
    sessions: count,
    people: new Set(sessions.map(({ person }) => person)).size,
    events,
    eventsPerSession: events / count,
    bounces: sessions.filter(({ isBounce }) => isBounce).length,
    // Rounded to milliseconds.
    duration: {
      average: near(durations.reduce((sum, value) => sum + value, 0) / count),
      p25: near(percentile(durations, 0.25)),
      median: near(percentile(durations, 0.5)),
      p75: near(percentile(durations, 0.75)),
      p90: near(percentile(durations, 0.9)),
      p95: near(percentile(durations, 0.95)),
    },
  };
}

function pages(sessions: OracleSession[], side: 'entry' | 'exit') {
  const counts = new Map<string, number>();
  for (const session of sessions) counts.set(session[side], (counts.get(session[side]) ?? 0) + 1);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const top = sorted.slice(0, 2).map(([path, count]) => ({ path: path || null, sessions: count }));
  return { top, others: { sessions: sorted.slice(2).reduce((sum, [, count]) => sum + count, 0) } };
}

const onA = [{ property: 'path', operator: 'is' as const, value: '/a' }];

describe(`sessions of ${DEVICES} random devices (MILLRACE_TEST_SEED=${SEED})`, () => {
  it.each<[string, Partial<SessionsQuestion>]>([
    ['Asia/Kathmandu', {}],
    ['Europe/Berlin', {}],
    ['Europe/Berlin', { where: onA }],
    ['UTC', { bots: true }],
  ])('%s, %j: as one row after the other says', async (timezone, given) => {
    const range = { from: '2026-03-27', to: '2026-03-30' };
    const { result } = await runSessions(
      { client: engine.reader, projectId: 1 },
      { range, timezone, pages: 2, ...given },
    );
    const day = dayCounter(timezone);
    const firstDay = Date.parse(range.from) / DAY_MS;
    const from = Math.min(...rows.map(({ time }) => time).filter((time) => day(time) === firstDay));
    const to =
      Date.parse(result?.intervals[2]?.start ?? '') + (timezone === 'Europe/Berlin' ? 23 : 24) * 3_600_000;
    const around = rows.filter(
      ({ time }) => time >= Date.parse(result?.intervals[0]?.start ?? '') - DAY_MS && time < to + DAY_MS,
    );
    const expected = sessionOracle(around).filter(
      (session) =>
        session.started >= from &&
        session.started < to &&
        (given.bots || session.rows.every(({ bot }) => !bot)) &&
        (!given.where || session.rows.some(({ path, bot }) => path === '/a' && (given.bots || !bot))),
    );
    expect(result?.total).toMatchObject(figures(expected));
    expect(result?.intervals).toMatchObject(
      [0, 1, 2].map((index) => figures(expected.filter(({ started }) => day(started) === firstDay + index))),
    );
    expect(result?.entryPages).toMatchObject(pages(expected, 'entry'));
    expect(result?.exitPages).toMatchObject(pages(expected, 'exit'));
    expect(expected.some(({ duration }) => duration > 20 * 3_600_000)).toBe(true);
  });

  it('are those of the view', async () => {
    const range = { from: '2026-03-20', to: '2026-04-20' };
    const { result } = await runSessions({ client: engine.reader, projectId: 1 }, { range });
    const [view] = await engine.reader.query(
      `SELECT count() AS sessions, uniqExact(person_id) AS people, sum(events) AS events, countIf(is_bounce) AS bounces
       FROM sessions WHERE project_id = 1 AND NOT is_bot`,
    );
    expect(result?.total).toMatchObject(view as object);
  });
});
