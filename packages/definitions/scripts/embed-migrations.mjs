// Writes migrations/*.sql into src/migrations/embedded-migrations.ts, so that a bundle carries them.
import { readdir, readFile, writeFile } from 'node:fs/promises';

const folder = new URL('../migrations/', import.meta.url);

/** The text of the module; a test compares it with the file that is checked in. */
export async function embeddedMigrations() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const entries = await Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(new URL(name, folder), 'utf8')).replace(/\\|`|\$\{/g, '\\$&');
      return `  {\n    name: '${name.replace(/\.sql$/, '')}',\n    sql: \`${sql}\`,\n  },\n`;
    }),
  );
  return `// Written by scripts/embed-migrations.mjs from migrations/*.sql; change those.
import type { Migration } from './migration.ts';

/** Every migration, in order. */
export const EMBEDDED_MIGRATIONS: readonly Migration[] = [
${entries.join('')}];
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await writeFile(
    new URL('../src/migrations/embedded-migrations.ts', import.meta.url),
    await embeddedMigrations(),
  );
}
