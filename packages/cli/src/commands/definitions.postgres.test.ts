import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTemplate } from '../../../definitions/scripts/build-template.mjs';
import { createDatabase } from '../../../definitions/src/testing/create-database.ts';
import type { TestDatabase } from '../../../definitions/src/testing/describe-store.ts';
import { COMMANDS } from '../commands.ts';
import { runCli } from '../run-cli.ts';
import { testIo } from '../testing/test-io.ts';

let dataDir: string;
let target: TestDatabase;

beforeAll(async () => {
  await buildTemplate();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
  target = await createDatabase();
});

afterAll(async () => {
  await target.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function millrace(env: Record<string, string>, ...argv: string[]) {
  const io = testIo({ MILLRACE_DATA: dataDir, ...env });
  const code = await runCli({ argv, io, commands: COMMANDS, version: '0' });
  return { code, out: io.out(), err: io.err() };
}

it('definitions move takes the keys to PostgreSQL, where DATABASE_URL finds them, and refuses another folder', async () => {
  const key = (await millrace({}, 'key', 'create', '--project', 'shop')).out.trim();
  const moved = await millrace({}, 'definitions', 'move', '--to', target.connectionString);
  expect(moved).toMatchObject({ code: 0, out: expect.stringMatching(/^projects +1\nwrite_keys +1\n/) });
  expect(moved.err).not.toContain(new URL(target.connectionString).password);
  const url = { DATABASE_URL: target.connectionString };
  expect((await millrace(url, 'key', 'list')).out).toContain(key);

  await millrace(url, 'key', 'revoke', key);
  const again = await millrace({}, 'definitions', 'move', '--to', target.connectionString);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already holds other definitions') });
  expect((await millrace(url, 'key', 'list')).out).toContain('revoked');
});

it.each([
  [[], 'expected move'],
  [['move'], 'expected --to <url>'],
  [['move', '--to', 'mysql://a:secret@b/c'], 'postgres:'],
])('definitions %j is refused with words', async (argv, words) => {
  const refused = await millrace({}, 'definitions', ...argv);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  expect(refused.err).not.toContain('secret');
});
