import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkWarehouse } from '../check/check-warehouse.ts';
import { findFreePort } from '../embedded/free-port.ts';
import { ADMIN_USER } from '../embedded/write-config.ts';
import { compareRollups, daysBetween, rebuildRollups } from '../rollups/compare-rollups.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { PHASES, ROWS } from '../testing/experiment-scenario.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { standInDictionaries } from '../testing/stand-in-dictionaries.ts';
import { migrate } from './migrate.ts';

// Two ClickHouses, each one shard, without Keeper: plain tables of each under one Distributed.
const CLUSTER = 'two_shards';
const EVENTS = 2_000;
const PEOPLE = 100;
const NOW = Date.now();
let shards: TestEngine[];

beforeAll(async () => {
  const adminPassword = randomBytes(12).toString('hex');
  const first = await findFreePort(0, '127.0.0.1', []);
  const ports = [first, await findFreePort(0, '127.0.0.1', [first])];
  const servers = ports.map(
    (port) => `<shard><internal_replication>true</internal_replication><replica>
      <host>127.0.0.1</host><port>${port}</port><user>${ADMIN_USER}</user><password>${adminPassword}</password>
    </replica></shard>`,
  );
  const extraConfig = `<remote_servers><${CLUSTER}>${servers.join('')}</${CLUSTER}></remote_servers>`;
  shards = await Promise.all(
    ports.map((tcpPort) => startTestEngine({ tcpPort, adminPassword, extraConfig, migrated: false })),
  );
  for (const [n, shard] of shards.entries()) expect(shard.clickHouse().tcpPort).toBe(ports[n]);
  for (const { admin } of shards) await migrate({ client: admin, cluster: CLUSTER });
});
afterAll(() => Promise.all((shards ?? []).map((shard) => shard.close())));

const one = async <Row>(shard: TestEngine | undefined, sql: string) =>
  (await shard?.admin.query<Row>(sql))?.[0];
const rows = Array.from({ length: EVENTS }, (_, n) =>
  makeEventRow(n, { user_id: `user-${n % PEOPLE}`, timestamp: NOW, received_at: NOW, revenue: 1.5 }),
);
const TOTALS = `SELECT count() AS rows, uniqExact(message_id) AS ids,
  (SELECT sum(events) FROM events_15m) AS counted, (SELECT uniqMerge(users) FROM events_15m) AS people,
  (SELECT count() FROM message_ids) AS seen, (SELECT sum(events) FROM event_counts) AS viewed FROM events`;
const WHOLE = { rows: EVENTS, ids: EVENTS, counted: EVENTS, people: PEOPLE, seen: EVENTS, viewed: EVENTS };

it('counts right through either shard, each person on one, and an insert that is repeated counts once', async () => {
  const [left, right] = shards;
  for (const token of ['chunk', 'chunk']) await left?.admin.insertRows('events', encodeRows(rows), { token });
  await right?.admin.insertRows('events', encodeRows(rows), { token: 'chunk' });
  for (const shard of shards) expect(await one(shard, TOTALS)).toEqual(WHOLE);

  expect(await right?.reader.query('SELECT count() AS n FROM events')).toEqual([{ n: EVENTS }]);

  const own = await Promise.all(
    shards.map((shard) =>
      one<{ n: number; people: number }>(
        shard,
        'SELECT count() AS n, uniqExact(distinct_id) AS people FROM events_local',
      ),
    ),
  );
  expect(own.reduce((sum, each) => sum + (each?.n ?? 0), 0)).toBe(EVENTS);
  expect(own.reduce((sum, each) => sum + (each?.people ?? 0), 0)).toBe(PEOPLE);
  for (const each of own) expect(each?.people).toBeGreaterThan(PEOPLE / 4);
});

it('rejected events are spread as well, with the columns that came later', async () => {
  const refused = Array.from({ length: 50 }, (_, n) => ({
    project_id: 1,
    message_id: `m${n}`,
    reason: 'too_deep',
    detail: 'd',
    received_at: NOW,
    payload: '{}',
    retention_days: 9,
  }));
  await shards[0]?.admin.insertRows('rejected_events', encodeRows(refused), { token: 'refused' });
  await shards[1]?.admin.insertRows('rejected_events', encodeRows(refused), { token: 'refused' });
  const columns = await Promise.all(
    ['rejected_events', 'rejected_events_local'].map((table) =>
      shards[0]?.admin.query(
        `SELECT name, type FROM system.columns WHERE database = 'millrace' AND table = '${table}'`,
      ),
    ),
  );
  expect(columns[0]).toEqual(columns[1]);
  for (const shard of shards) {
    expect(
      await one(shard, 'SELECT count() AS n, uniqExact(message_id) AS ids FROM rejected_events'),
    ).toEqual({ n: 50, ids: 50 });
    expect(
      (await one<{ n: number }>(shard, 'SELECT count() AS n FROM rejected_events_local'))?.n,
    ).toBeGreaterThan(5);
  }
});

it('comparison and doctor see all of it as one, and a second migration changes nothing', async () => {
  const [left, right] = shards;
  if (!left) throw new Error('no shard');
  expect((await migrate({ client: left.admin })).pending).toEqual([]);
  await expect(migrate({ client: left.admin, cluster: 'other' })).rejects.toMatchObject({ code: 'form' });
  expect(
    await compareRollups(left.admin, await daysBetween(left.admin, { from: NOW - 1, to: NOW + 1 })),
  ).toEqual([]);
  await left.admin.command('ALTER TABLE events_15m_local DELETE WHERE 1 SETTINGS mutations_sync = 2');
  const differences = await compareRollups(
    left.admin,
    await daysBetween(left.admin, { from: NOW - 1, to: NOW + 1 }),
  );
  expect(differences.map(({ rollup }) => rollup)).toEqual(['events_15m']);
  await rebuildRollups(left.admin, differences);
  expect(await one(left, TOTALS)).toEqual(WHOLE);
  // What another shard lacks, that one has to make anew.
  await right?.admin.command('ALTER TABLE message_ids_local DELETE WHERE 1 SETTINGS mutations_sync = 2');
  const others = await compareRollups(
    left.admin,
    await daysBetween(left.admin, { from: NOW - 1, to: NOW + 1 }),
  );
  await expect(rebuildRollups(left.admin, others)).rejects.toThrow('on another shard');
  await rebuildRollups(right?.admin ?? left.admin, others);
  expect(await one(left, TOTALS)).toEqual(WHOLE);
  const findings = await checkWarehouse(left.admin);
  expect(findings.filter(({ code }) => code !== 'files_readable')).toEqual([]);
});

it('experiments are seen whole through either shard, though the events of a unit are on both', async () => {
  for (const { admin } of shards) await standInDictionaries(admin, PHASES);
  const [left] = shards;
  await left?.admin.insertRows('events', encodeRows(ROWS), { token: 'experiment' });
  for (const { reader } of shards) {
    expect(
      await reader.query(`SELECT variant, users, converted_users, conversions, toFloat64(revenue) AS revenue
        FROM experiment_performance WHERE project_id = 1 AND experiment = 'price' AND phase = 1 ORDER BY variant`),
    ).toEqual([
      { variant: 'control', users: 6, converted_users: 2, conversions: 3, revenue: 34 },
      { variant: 'treatment', users: 4, converted_users: 3, conversions: 3, revenue: 30 },
    ]);
    expect(await reader.query('SELECT sum(split) AS n FROM assignment_audit_summary')).toEqual([
      { n: ROWS.filter(({ properties }) => properties?.['reason'] === 'split').length - 1 },
    ]);
    for (const view of ['user_journey_analysis', 'experiment_hourly_stats', 'experiment_daily_stats']) {
      expect((await reader.query(`SELECT * FROM ${view}`)).length).toBeGreaterThan(3);
    }
  }
});

it('one shard that is away: an insert fails rather than lose its part, and the retry counts once', async () => {
  const [left, right] = shards;
  const more = rows.map((row) => ({ ...row, message_id: `more-${row.message_id}`, event: 'more' }));
  const insert = () => left?.admin.insertRows('events', encodeRows(more), { token: 'more' });
  process.kill(right?.clickHouse().pid ?? 0, 'SIGKILL');
  await right?.clickHouse().exited;
  await expect(insert()).rejects.toThrow();
  await right?.restart('SIGKILL');
  await insert();
  for (const shard of shards) {
    expect(
      await one(shard, "SELECT count() AS n, uniqExact(message_id) AS ids FROM events WHERE event = 'more'"),
    ).toEqual({
      n: EVENTS,
      ids: EVENTS,
    });
  }
});
