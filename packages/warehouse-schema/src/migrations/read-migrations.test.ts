import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readMigrations } from './read-migrations.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-migrations-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

it('can run every statement of ours again', () => {
  const repeatable =
    /^(CREATE [A-Z ]*IF NOT EXISTS |ALTER TABLE \w+ (ADD|DROP|MODIFY|RENAME)\b|DROP [A-Z]+ IF EXISTS )/;
  for (const { name, statements } of readMigrations()) {
    for (const statement of statements) expect(statement, name).toMatch(repeatable);
  }
});

it('makes every table of ours one that can be replicated', () => {
  const tables = readMigrations().flatMap(({ statements }) =>
    statements.filter((text) => /^CREATE TABLE/.test(text)),
  );
  expect(tables.length).toBeGreaterThan(3);
  for (const table of tables) expect(table).toMatch(/^ENGINE = \{replicated\}\w*MergeTree$/m);
});

it('gives another checksum to an edited file', () => {
  const [one] = readMigrations(folderOf({ '0001_a.sql': 'SELECT 1;\n' }));
  const [other] = readMigrations(folderOf({ '0001_a.sql': 'SELECT 1 ;\n' }));
  expect(one?.checksum).toMatch(/^[0-9a-f]{64}$/);
  expect(other?.checksum).not.toBe(one?.checksum);
});

it.each([
  ['a gap', { '0001_a.sql': '', '0003_c.sql': '' }, 'expected number 2'],
  ['a number twice', { '0001_a.sql': '', '0001_b.sql': '' }, 'expected number 2'],
  ['another name', { '1-a.sql': '' }, 'expected a name like'],
  ['an open statement', { '0001_a.sql': 'SELECT 1' }, 'does not end with ";"'],
])('refuses %s', (_, files, message) => {
  expect(() => readMigrations(folderOf(files as Record<string, string>))).toThrow(message);
});
