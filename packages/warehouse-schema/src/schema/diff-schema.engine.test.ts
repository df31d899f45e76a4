import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyMigrations, migrate } from '../migrations/migrate.ts';
import { readMigrations } from '../migrations/read-migrations.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { diffSchema } from './diff-schema.ts';
import { describeDifference, remedyOf } from './difference.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const run = (statement: string) => engine.admin.command(statement);
const diff = async () => (await diffSchema({ client: engine.admin, needsPeople: true })).differences;

it('finds nothing in a fresh warehouse, and leaves nothing behind', async () => {
  expect(await diff()).toEqual([]);
  expect(
    await engine.admin.query("SELECT name FROM system.databases WHERE name LIKE 'millrace\\_%'"),
  ).toEqual([]);
});

/** What is done by hand, to what, and what of it then differs under which name. */
const DRIFTS: [what: string, statement: string, object: string, part: string, name: string][] = [
  ['a column that is gone', 'ALTER TABLE events DROP COLUMN city', 'events', 'column', 'city'],
  [
    'a column too many',
    'ALTER TABLE rejected_events ADD COLUMN extra UInt8',
    'rejected_events',
    'column',
    'extra',
  ],
  ['a type', 'ALTER TABLE rejected_events MODIFY COLUMN field String', 'rejected_events', 'column', 'field'],
  [
    'a codec',
    'ALTER TABLE rejected_events MODIFY COLUMN detail CODEC(LZ4)',
    'rejected_events',
    'column',
    'detail',
  ],
  [
    'a codec where none is',
    'ALTER TABLE events MODIFY COLUMN is_bot CODEC(T64)',
    'events',
    'column',
    'is_bot',
  ],
  [
    'a default',
    'ALTER TABLE events MODIFY COLUMN retention_days DEFAULT 30',
    'events',
    'column',
    'retention_days',
  ],
  [
    'a default where none is',
    "ALTER TABLE events MODIFY COLUMN currency DEFAULT 'a, (b'",
    'events',
    'column',
    'currency',
  ],
  [
    'a default that is gone',
    'ALTER TABLE events MODIFY COLUMN person REMOVE DEFAULT',
    'events',
    'column',
    'person',
  ],
  [
    'the expression of an alias',
    "ALTER TABLE events MODIFY COLUMN event_id String ALIAS concat(message_id, '')",
    'events',
    'column',
    'event_id',
  ],
  [
    'the TTL of a column',
    'ALTER TABLE rejected_events MODIFY COLUMN payload String TTL received_at + toIntervalDay(30)',
    'rejected_events',
    'column',
    'payload',
  ],
  ['the comment of a column', "ALTER TABLE events COMMENT COLUMN url 'mine'", 'events', 'column', 'url'],
  [
    'the order of columns',
    'ALTER TABLE message_ids MODIFY COLUMN content_hash UInt32 FIRST',
    'message_ids',
    'column order',
    '',
  ],
  [
    'a TTL',
    'ALTER TABLE rejected_events MODIFY TTL received_at + toIntervalDay(1)',
    'rejected_events',
    'TTL',
    '',
  ],
  ['a TTL that is gone', 'ALTER TABLE exposures REMOVE TTL', 'exposures', 'TTL', ''],
  [
    'a TTL where none is',
    'ALTER TABLE events_15m MODIFY TTL bucket + toIntervalDay(900)',
    'events_15m',
    'TTL',
    '',
  ],
  ['a comment', "ALTER TABLE events MODIFY COMMENT 'mine'", 'events', 'comment', ''],
  ['an index that is gone', 'ALTER TABLE events DROP INDEX received', 'events', 'index', 'received'],
  [
    'an index too many',
    'ALTER TABLE events ADD INDEX mine (url, path) TYPE bloom_filter GRANULARITY 2',
    'events',
    'index',
    'mine',
  ],
  [
    'an index of another type',
    'ALTER TABLE rejected_events DROP INDEX log_position, ADD INDEX log_position (log_id, log_offset) TYPE set(9) GRANULARITY 1',
    'rejected_events',
    'index',
    'log_position',
  ],
  [
    'a projection',
    'ALTER TABLE rejected_events ADD PROJECTION mine (SELECT reason, count() GROUP BY reason)',
    'rejected_events',
    'projection',
    'mine',
  ],
  [
    'a constraint',
    'ALTER TABLE events ADD CONSTRAINT mine CHECK project_id > 0',
    'events',
    'constraint',
    'mine',
  ],
  [
    'a setting',
    'ALTER TABLE events MODIFY SETTING fsync_after_insert = 0',
    'events',
    'setting',
    'fsync_after_insert',
  ],
  [
    'a setting that is gone',
    'ALTER TABLE message_ids RESET SETTING ttl_only_drop_parts',
    'message_ids',
    'setting',
    'ttl_only_drop_parts',
  ],
  [
    'a setting too many',
    'ALTER TABLE events MODIFY SETTING merge_with_ttl_timeout = 7',
    'events',
    'setting',
    'merge_with_ttl_timeout',
  ],
  ['the key of samples', 'ALTER TABLE events REMOVE SAMPLE BY', 'events', 'key', 'SAMPLE BY'],
  ['a table that is gone', 'DROP TABLE person_runs SYNC', 'person_runs', 'missing', ''],
  ['a view that is gone', 'DROP VIEW sessions', 'sessions', 'missing', ''],
  [
    'what a view selects',
    'CREATE OR REPLACE VIEW user_events AS SELECT message_id AS event_id FROM events',
    'user_events',
    'select',
    '',
  ],
  [
    'what a materialized view selects',
    'ALTER TABLE message_ids_mv MODIFY QUERY SELECT project_id, message_id, content_hash, received_at, log_id, log_offset, log_index FROM events WHERE project_id != 3',
    'message_ids_mv',
    'select',
    '',
  ],
  ['a materialized view that is gone', 'DROP VIEW exposures_mv SYNC', 'exposures_mv', 'missing', ''],
  [
    'a materialized view too many',
    'CREATE MATERIALIZED VIEW mine ENGINE = Memory AS SELECT project_id FROM events',
    'mine',
    'extra',
    '',
  ],
  [
    'a table in place of a view',
    'DROP VIEW event_counts; CREATE TABLE event_counts (a UInt8) ENGINE = Memory',
    'event_counts',
    'kind',
    '',
  ],
];

it('finds every kind of drift, and names what mends it', async () => {
  for (const [, statements] of DRIFTS) for (const each of statements.split('; ')) await run(each);
  const found = await diff();
  const key = (object: string, part: string, name: string) => `${object} / ${part} / ${name}`;
  expect(found.map((one) => key(one.object, one.part, one.name)).sort()).toEqual(
    DRIFTS.map(([, , object, part, name]) => key(object, part, name)).sort(),
  );
  for (const one of found) {
    expect(describeDifference(one)).toContain(one.object);
    expect(describeDifference(one)).toContain(one.name);
    for (const statement of one.mend) await run(statement);
  }
  expect(await diff()).toEqual([]);
});

it('finds what cannot be changed in place', async () => {
  await run(
    'ALTER TABLE rejected_events ADD COLUMN mine UInt8, MODIFY ORDER BY (project_id, received_at, reason, message_id, mine)',
  );
  await run('DROP TABLE person_runs SYNC');
  await run('CREATE TABLE person_runs (noted_at UInt8) ENGINE = Log');
  const found = await diff();
  const named = found.map(({ object, part, name }) => `${object} ${part} ${name}`.trim());
  expect(named).toContain('rejected_events key ORDER BY');
  expect(named).toContain('person_runs engine');
  for (const one of found.filter(({ part }) => part === 'key' || part === 'engine')) {
    expect(one.mend).toEqual([]);
    expect(remedyOf(one)).toContain('millrace warehouse move');
  }
  for (const table of ['rejected_events', 'person_runs']) await run(`DROP TABLE ${table} SYNC`);
  for (const { mend } of await diff()) for (const statement of mend) await run(statement);
  expect(await diff()).toEqual([]);
});

it('finds another target, another dictionary, and one that is gone, and leaves what is of others alone', async () => {
  const statementOf = async (name: string) => {
    const sql = `SELECT create_table_query AS q FROM system.tables WHERE name = '${name}' AND database = 'millrace'`;
    return (await engine.admin.query<{ q: string }>(sql))[0]?.q ?? '';
  };
  const view = await statementOf('message_ids_mv');
  const hidden = await statementOf('person_overrides');
  const dictionary = hidden.replace('[HIDDEN]', engine.adminPassword).replace('CREATE', 'CREATE OR REPLACE');
  await run('CREATE TABLE own_notes AS message_ids');
  await run('CREATE VIEW own_view AS SELECT count() FROM events');
  await run('DROP VIEW message_ids_mv SYNC');
  await run(view.replace('TO millrace.message_ids', 'TO millrace.own_notes'));
  await run(dictionary.replaceAll('person_id != distinct_id', 'person_id > distinct_id'));
  const found = await diff();
  expect(found).toMatchObject([
    { object: 'message_ids_mv', part: 'target', found: 'millrace.own_notes' },
    { object: 'person_overrides', part: 'dictionary', mend: [] },
  ]);
  for (const each of found[0]?.mend ?? []) await run(each);
  await run('DROP DICTIONARY person_overrides SYNC');
  expect(await diff()).toMatchObject([{ object: 'person_overrides', part: 'missing', mend: [] }]);
  await run(dictionary);
  expect(await diff()).toEqual([]);
  await run('DROP VIEW own_view');
  await run('DROP TABLE own_notes SYNC');
});

it('after an old schema was brought up to date, nothing differs', async () => {
  const versions = readMigrations().map(({ version }) => version);
  for (const newest of [4, versions.at(-2) ?? 0]) {
    await run('DROP DATABASE millrace SYNC');
    await engine.admin.createDatabase();
    const old = versions.filter((version) => version <= newest);
    await applyMigrations({ client: engine.admin, versions: old });
    const before = await diffSchema({ client: engine.admin });
    expect(before.differences).toEqual([]);
    expect(before.pending.map(({ version }) => version)).toEqual(versions.filter((one) => one > newest));
    await migrate({ client: engine.admin });
    expect(await diffSchema({ client: engine.admin })).toEqual({ differences: [], pending: [] });
  }
});
