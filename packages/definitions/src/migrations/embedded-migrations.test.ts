import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { embeddedMigrations } from '../../scripts/embed-migrations.mjs';
import { EMBEDDED_MIGRATIONS } from './embedded-migrations.ts';

it('carries every file of migrations/ as it is (run scripts/embed-migrations.mjs)', async () => {
  const folder = new URL('../../migrations/', import.meta.url);
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/, ''),
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
  expect(EMBEDDED_MIGRATIONS).toEqual(files);
  expect(await readFile(new URL('./embedded-migrations.ts', import.meta.url), 'utf8')).toBe(
    await embeddedMigrations(),
  );
});
