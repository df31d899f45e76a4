import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWarehouseClient } from '@millrace/warehouse-schema';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTemplate } from '../../../definitions/scripts/build-template.mjs';
import { COMMANDS } from '../commands.ts';
import { readConfig } from '../config/read-config.ts';
import { withInstallation } from '../installation/installation.ts';
import { runCli } from '../run-cli.ts';
import { testIo } from '../testing/test-io.ts';

let dataDir: string;

beforeAll(async () => {
  await buildTemplate();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

async function millrace(...argv: string[]) {
  const io = testIo({ MILLRACE_DATA: dataDir });
  const code = await runCli({ argv, io, commands: COMMANDS, version: '0' });
  return { code, out: io.out(), err: io.err() };
}

async function count(sql: string): Promise<number> {
  const { out, err } = await millrace('sql', sql, '--format', 'TSV');
  if (err) throw new Error(err);
  return Number(out);
}

describe('commands without a server', () => {
  it('make, list and revoke keys', async () => {
    const made = await millrace('key', 'create', '--project', 'shop', '--name', 'web');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^wk_[0-9a-f]{32}\n$/) });
    const key = made.out.trim();
    expect((await millrace('key', 'list')).out).toMatch(new RegExp(`${key}  client  shop +web .* active\n`));
    expect(await millrace('key', 'revoke', key)).toMatchObject({
      code: 0,
      out: `revoked ${key} of project shop\n`,
    });
    expect((await millrace('key', 'list')).out).toMatch(new RegExp(`${key}  client  shop +web .* revoked `));
    expect(await millrace('key', 'revoke', 'wk_none')).toMatchObject({
      code: 1,
      err: 'millrace key: there is no write key wk_none\n',
    });
  });

  it('say what migrate would do, and do it once', async () => {
    expect((await millrace('migrate', '--plan')).out).toContain('warehouse: would apply 0001_events');
    expect((await millrace('migrate')).out).toContain('warehouse: applied 0001_events');
    expect((await millrace('migrate')).out).toBe('definitions: nothing to do\nwarehouse: nothing to do\n');
  });

  it('say how the schema stands to its migrations, and fill what came later', async () => {
    expect((await millrace('schema', 'plan')).out).toMatch(/^\d+ migrations are applied, 0 are not\n/);
    expect(await millrace('schema', 'diff')).toMatchObject({
      code: 0,
      out: 'the warehouse is as its migrations make it\n',
    });
    expect(await millrace('backfill')).toMatchObject({ code: 0, out: 'every rollup has every event\n' });
    expect(await millrace('backfill', 'events_daily')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^millrace backfill: there is no rollup "events_daily": expected one of /),
    });
    expect(await millrace('backfill', '--load', '2')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--load 2: expected a share'),
    });
    expect(await millrace('schema', 'drift')).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected plan, apply or diff, got "drift"'),
    });
  });

  it('change how long the events of a project are kept', async () => {
    expect(await millrace('project', 'retention', '90', '--project', 'shop', '--existing')).toMatchObject({
      code: 0,
      out: 'events of shop are kept for 90 days from now on\nevery row was kept for that long already\n',
    });
    expect((await millrace('project', 'list')).out).toMatch(/shop +90\n/);
    expect(await millrace('project', 'retention', '90', '--project', 'none')).toMatchObject({
      code: 1,
      err: 'millrace project: there is no project none\n',
    });
    for (const days of ['0', '40000', 'ten']) {
      expect(await millrace('project', 'retention', days)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`expected a number of days from 1 to 36500, got ${days}`),
      });
    }
  });

  it('send demo traffic through the collector into the warehouse, and the same again changes nothing', async () => {
    const demo = ['demo', '--events', '3000', '--days', '3', '--until', new Date().toISOString()];
    const first = await millrace(...demo);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('3000 events acknowledged') });
    expect(await count('SELECT count() FROM events')).toBe(3_000);
    expect((await millrace(...demo)).code).toBe(0);
    expect(await count('SELECT count() FROM events')).toBe(3_000);
    expect(await count('SELECT count() FROM rejected_events')).toBe(0);
    expect(await count('SELECT uniqExact(message_id) FROM events')).toBe(3_000);
    expect(
      await count("SELECT count() FROM events WHERE event = 'order_completed' AND revenue > 0"),
    ).toBeGreaterThan(5);
    expect(await count('SELECT uniqExact(channel) FROM events')).toBeGreaterThan(5);
    expect(await count('SELECT uniqExact(browser) FROM events')).toBeGreaterThan(4);
    expect(
      await count('SELECT max(timestamp) <= now64() AND min(timestamp) > now() - INTERVAL 4 DAY FROM events'),
    ).toBe(1);
  });

  it('compare the warehouse with the log, and mend it', async () => {
    expect(await millrace('reconcile')).toMatchObject({ code: 0, out: expect.stringContaining('all exact') });
    const { config } = readConfig({ env: { MILLRACE_DATA: dataDir } });
    await withInstallation({ config, log: () => {} }, async (installation) => {
      const client = createWarehouseClient((await installation.warehouse()).admin);
      await client.command(`DELETE FROM events WHERE event = 'order_completed'`);
      await client.close();
    });
    expect((await millrace('reconcile')).code).toBe(1);
    expect((await millrace('reconcile', '--repair')).code).toBe(0);
    expect(await millrace('reconcile')).toMatchObject({ code: 0, out: expect.stringContaining('all exact') });
    expect(await count('SELECT count() FROM events')).toBe(3_000);
    expect((await millrace('reconcile', '--from', 'yesterday')).code).toBe(2);
  });

  it('answer queries as a reader alone', async () => {
    expect((await millrace('sql', 'SELECT 1 AS one')).out).toBe('one\n1\n');
    const refused = await millrace('sql', 'DROP TABLE events');
    expect(refused.code).toBe(1);
    expect(refused.err).not.toContain('    at ');
    expect((await millrace('sql', '')).code).toBe(2);
  });

  it('find nothing wrong but that nothing runs', async () => {
    const { code, out } = await millrace('doctor');
    expect(out).toMatch(/warning +server +nothing runs over this data folder/);
    expect(out).toMatch(/ok +loader +everything is loaded: 3000 events loaded, 3000 duplicates refused/);
    expect(out).toMatch(/ok +warehouse/);
    expect(out).not.toMatch(/^error {4}(?!ports)/m);
    expect(code).toBe(out.includes('\nerror') ? 1 : 0);
  });

  it('say so where there is no data, and make none', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'millrace-none-'));
    const folder = join(empty, 'data');
    const { code, err } = await millrace('sql', 'SELECT 1', '--data', folder);
    expect(code).toBe(1);
    expect(err).toContain(`there is no data in ${folder}: start Millrace first`);
    expect((await millrace('doctor', '--data', folder)).out).toContain('does not exist yet');
    expect(await readdir(empty)).toEqual([]);
    await rm(empty, { recursive: true });
  });

  it('wait for no one: a folder in other hands is named', async () => {
    const { config } = readConfig({ env: { MILLRACE_DATA: dataDir } });
    await withInstallation({ config, log: () => {} }, async (installation) => {
      await installation.definitions();
      const { code, err } = await millrace('key', 'list');
      expect(code).toBe(1);
      expect(err).toContain(`is in use by process ${process.pid}`);
    });
  });

  it('name the damage of a credentials file rather than make another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-damaged-'));
    await writeFile(join(folder, 'credentials'), '{');
    expect((await millrace('key', 'list', '--data', folder)).err).toContain('is not JSON: restore it');
    await rm(folder, { recursive: true });
  });
});

describe('definitions beside the warehouse', () => {
  it('answer ClickHouse and two PostgreSQL clients at the same time', async () => {
    const { config } = readConfig({ env: { MILLRACE_DATA: dataDir } });
    await withInstallation({ config, log: () => {} }, async (installation) => {
      const url = new URL(await installation.definitionsUrl());
      const store = await installation.definitions();
      const { admin } = await installation.warehouse();
      const clickHouse = createWarehouseClient(admin);
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      const names = `SELECT name FROM postgresql('${url.host}', 'postgres', 'projects', 'postgres', '') ORDER BY name`;
      const [fromClickHouse, fromClient, fromStore] = await Promise.all([
        Promise.all([1, 2, 3, 4].map(() => clickHouse.query<{ name: string }>(names))),
        Promise.all([client.query<{ name: string }>('SELECT name FROM projects ORDER BY name')]),
        Promise.all([1, 2, 3, 4].map(() => store.listProjects())),
      ]);
      await client.end();
      await clickHouse.close();
      const expected = ['demo', 'shop'];
      for (const rows of fromClickHouse) expect(rows.map(({ name }) => name)).toEqual(expected);
      expect(fromClient[0]?.rows.map(({ name }) => name)).toEqual(expected);
      for (const projects of fromStore) expect(projects.map(({ name }) => name).sort()).toEqual(expected);
    });
  });
});
