import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_USER, READER_USER } from '../embedded/write-config.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { killQuery } from './kill-query.ts';
import { type ReadOnlySqlOptions, runReadOnlySql } from './run-read-only-sql.ts';

interface Attack {
  name: string;
  sql?: string;
  /** A text, how often, and what follows. */
  repeat?: [string, number, string];
  expect: string | string[];
}

const spec = JSON.parse(
  readFileSync(new URL('../../../../spec/sql-attacks.json', import.meta.url), 'utf8'),
) as {
  refused: Attack[];
  ok: Attack[];
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ maxMemoryBytes: 1_000_000_000 });
  await engine.admin.insertRows('events', encodeRows([makeEventRow(1)]), { token: 'one' });
});
afterAll(() => engine.close());

const run = (sql: string, options: Partial<ReadOnlySqlOptions> = {}) =>
  runReadOnlySql({
    url: engine.url,
    reader: { username: READER_USER, password: engine.readerPassword },
    admin: { username: ADMIN_USER, password: engine.adminPassword },
    sql,
    maxSeconds: 2,
    maxRows: 1_000,
    maxBytes: 1_000_000,
    ...options,
  });

const running = () =>
  engine.admin.query("SELECT query_id FROM system.processes WHERE user = 'millrace_reader'");

describe('attacks', () => {
  it.each(spec.refused)('refuses: $name', async (attack) => {
    const [text, times, rest] = attack.repeat ?? ['', 0, ''];
    const sql = attack.sql ?? text.repeat(times) + rest;
    const code = await run(sql).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
    expect([attack.expect].flat()).toContain(code);
    await expect.poll(running, { timeout: 5_000, interval: 20 }).toEqual([]);
  });

  it.each(spec.ok)('answers: $name', async ({ sql }) => {
    expect((await run(sql ?? '')).body).not.toContain('DB::Exception');
  });

  it('changed nothing', async () => {
    expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 1 }]);
  });
});

describe('as the reader itself, past our checks', () => {
  const refused = ['not_a_query', 'access_denied'];
  const attacks = spec.refused.filter(
    ({ sql, expect: expected }) => sql && [expected].flat().every((code) => refused.includes(code)),
  );
  // Whether files are readable is embedded.engine.test.ts's to show; in this environment there is nothing secret.
  const harmless = [
    "SELECT file('/proc/self/environ')",
    '-- nothing',
    'SET max_execution_time = 0',
    'USE system',
  ];

  it.each(attacks.filter(({ sql }) => !harmless.includes(sql ?? '')))('refuses: $name', async ({ sql }) => {
    await expect(engine.reader.command(sql ?? '')).rejects.toThrow();
  });
});

it('answers JSON unless the query or the caller names a format', async () => {
  const json = await run('SELECT 1 AS a');
  expect(json.contentType).toContain('application/json');
  expect(JSON.parse(json.body)).toMatchObject({
    meta: [{ name: 'a', type: 'UInt8' }],
    data: [{ a: 1 }],
    rows: 1,
  });
  expect((await run('SELECT 1 AS a FORMAT CSVWithNames')).body).toBe('"a"\n1\n');
  expect((await run('SELECT 1 AS a', { format: 'TSV' })).body).toBe('1\n');
});

it('says what is wrong in words, without the server’s inner life', async () => {
  await expect(run('SELECT nonsense FROM events')).rejects.toMatchObject({
    code: 'query_failed',
    status: 400,
    message: expect.stringMatching(/^Unknown expression identifier `?nonsense/),
  });
  await expect(run('SELECT nonsense FROM events')).rejects.not.toThrow(/DB::Exception|\(version/);
});

it('gives no half answer when a query fails half-way', async () => {
  await expect(run('SELECT throwIf(number = 900) FROM numbers(1000)')).rejects.toMatchObject({
    code: 'query_failed',
  });
});

it('cancels at the server what its caller gave up', async () => {
  const controller = new AbortController();
  const query = run('SELECT sum(sipHash64(number)) FROM numbers(1000000000000)', {
    signal: controller.signal,
    maxSeconds: 60,
  });
  await expect.poll(running, { timeout: 10_000, interval: 20 }).toHaveLength(1);
  controller.abort();
  await expect(query).rejects.toMatchObject({ code: 'cancelled' });
  await expect.poll(running, { timeout: 10_000, interval: 20 }).toEqual([]);
});

it('kills a query that got around its limit of time', async () => {
  const endless = engine.admin.query('SELECT sum(sipHash64(number)) FROM system.numbers', {
    queryId: 'endless',
    settings: { max_execution_time: 0 },
  });
  const settled = endless.then(
    () => 'answered',
    (error: Error) => error.message,
  );
  const isRunning = () =>
    engine.admin.query("SELECT query_id FROM system.processes WHERE query_id = 'endless'");
  await expect.poll(isRunning, { timeout: 10_000, interval: 20 }).toHaveLength(1);
  await killQuery({
    url: engine.url,
    admin: { username: ADMIN_USER, password: engine.adminPassword },
    queryId: 'endless',
  });
  expect(await settled).toMatch(/cancelled|killed/i);
});

it('says that ClickHouse is away', async () => {
  await expect(run('SELECT 1', { url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'warehouse_unavailable',
    status: 503,
  });
});

it('says that the password is wrong, as something for the operator', async () => {
  await expect(run('SELECT 1', { reader: { username: READER_USER, password: 'no' } })).rejects.toMatchObject({
    code: 'warehouse_unavailable',
  });
});
