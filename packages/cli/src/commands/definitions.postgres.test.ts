import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDefinitionsStore } from '@millrace/definitions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTemplate } from '../../../definitions/scripts/build-template.mjs';
import { createDatabase } from '../../../definitions/src/testing/create-database.ts';
import type { TestDatabase } from '../../../definitions/src/testing/describe-store.ts';
import { COMMANDS } from '../commands.ts';
import { runCli } from '../run-cli.ts';
import { testIo } from '../testing/test-io.ts';

let dataDir: string;
let target: TestDatabase;
/** Another one, which opens faster than a folder. */
let outside: TestDatabase;

beforeAll(async () => {
  await buildTemplate();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
  [target, outside] = [await createDatabase(), await createDatabase()];
  const store = createDefinitionsStore(outside);
  await store.migrate();
  await store.close();
});

afterAll(async () => {
  await target.close();
  await outside.close();
  await rm(dataDir, { recursive: true, force: true });
});

const elsewhere = () => ({ DATABASE_URL: outside.connectionString });
const definitions = (...argv: string[]) => run(elsewhere(), '', 'definitions', ...argv);
const definitionsOf = (document: unknown, ...argv: string[]) =>
  run(elsewhere(), JSON.stringify(document), 'definitions', ...argv);
const millrace = (env: Record<string, string>, ...argv: string[]) => run(env, '', ...argv);

async function run(env: Record<string, string>, input: string, ...argv: string[]) {
  const io = testIo({ MILLRACE_DATA: dataDir, ...env }, input);
  const code = await runCli({ argv, io, commands: COMMANDS, version: '0' });
  return { code, out: io.out(), err: io.err() };
}

const DOCUMENT = {
  format: 1,
  version: 0,
  flags: { dark: { type: 'boolean', enabled: true } },
  experiments: {},
};

it('definitions put, get, history and rollback keep every version, and say what is wrong with a document', async () => {
  const shop = ['--project', 'shop'];
  const key = (await millrace(elsewhere(), 'key', 'create', '--server', ...shop)).out.trim();
  expect(key).toMatch(/^sk_/);
  expect((await millrace(elsewhere(), 'key', 'list')).out).toMatch(new RegExp(`^${key} +server +shop`, 'm'));

  expect(JSON.parse((await definitions('get', ...shop)).out)).toMatchObject({ version: 0, flags: {} });
  const first = await definitionsOf(DOCUMENT, 'put', '-', ...shop, '--author', 'Ada', '--note', 'dark\nmode');
  expect(first).toMatchObject({ code: 0, out: '1\n' });
  const file = join(dataDir, 'document.json');
  await writeFile(file, JSON.stringify({ ...DOCUMENT, flags: {} }));
  expect((await definitions('put', file, ...shop)).out).toBe('2\n');
  const stale = await definitions('put', file, ...shop, '--if-version', '1');
  expect(stale).toMatchObject({ code: 1, err: expect.stringContaining('at version 2, not 1') });
  expect((await definitions('rollback', '1', ...shop, '--author', 'Bob')).out).toBe('3\n');
  expect((await definitions('rollback', '9', ...shop)).err).toContain('has no version 9');

  const now = JSON.parse((await definitions('get', ...shop)).out);
  expect(now).toEqual({ ...DOCUMENT, version: 3, environment: 'production' });
  expect(JSON.parse((await definitions('get', '--version', '2', ...shop)).out).flags).toEqual({});
  const lines = (await definitions('history', ...shop)).out.split('\n');
  expect(lines[1]).toMatch(/^3 +\S+ +Bob +back to version 1$/);
  expect(lines[3]).toMatch(/^1 +\S+ +Ada +dark mode$/);

  const bad = { ...DOCUMENT, flags: { dark: { type: 'boolean', enabled: 1 } } };
  for (const action of ['put', 'validate']) {
    const refused = await definitionsOf(bad, action, '-', ...(action === 'put' ? shop : []));
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining('\n  /flags/dark/enabled: must be boolean'),
    });
  }
  expect((await definitionsOf(DOCUMENT, 'validate', '-')).out).toContain('1 flags, 0 experiments');
  expect((await definitions('validate', join(dataDir, 'none.json'))).err).toContain('cannot be read');
  expect((await definitions('get', '--project', 'shops')).err).toContain('did you mean shop?');
});

it('definitions import makes a document of a payload of GrowthBook, which can be put', async () => {
  const payload = { features: { dark: { defaultValue: false, rules: [{ force: true, coverage: 0.5 }] } } };
  const units = ['--unit', 'id=userId'];
  const imported = await definitionsOf(payload, 'import', 'growthbook', '-', ...units);
  expect(imported).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^warning: \/features\/dark\/rules\/0: /),
  });
  const document = JSON.parse(imported.out);
  expect(document.flags.dark.rules[0].rollout).toMatchObject({ start: 0, end: 5000, unitType: 'userId' });
  const staging = ['--project', 'shop', '--environment', 'staging'];
  expect((await definitionsOf(document, 'put', '-', ...staging)).out).toBe('1\n');
  const refused = await definitionsOf({ features: [] }, 'import', 'growthbook', '-');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('\n  /features: must be object') });
});

it('definitions move takes the keys to PostgreSQL, where DATABASE_URL finds them, and refuses another folder', async () => {
  const key = (await millrace({}, 'key', 'create', '--project', 'shop')).out.trim();
  const moved = await millrace({}, 'definitions', 'move', '--to', target.connectionString);
  expect(moved).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^projects +1\nwrite_keys +1\n.*definitions_documents 0\n/s),
  });
  expect(moved.err).not.toContain(new URL(target.connectionString).password);
  const url = { DATABASE_URL: target.connectionString };
  expect((await millrace(url, 'key', 'list')).out).toContain(key);

  await millrace(url, 'key', 'revoke', key);
  const again = await millrace({}, 'definitions', 'move', '--to', target.connectionString);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already holds other definitions') });
  expect((await millrace(url, 'key', 'list')).out).toContain('revoked');
});

it.each([
  [[], 'expected one of get, put'],
  [['rollback', 'x'], 'a whole number'],
  [['put'], 'expected the file'],
  [['import', 'other', 'x.json'], 'expected growthbook'],
  [['import', 'growthbook', '-', '--unit', 'id'], 'expected <attribute>=<unit type>'],
  [['move'], 'expected --to <url>'],
  [['move', '--to', 'mysql://a:secret@b/c'], 'postgres:'],
])('definitions %j is refused with words', async (argv, words) => {
  const refused = await run(elsewhere(), '', 'definitions', ...argv);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  expect(refused.err).not.toContain('secret');
});
