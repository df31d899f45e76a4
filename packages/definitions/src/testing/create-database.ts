import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './describe-store.ts';

/** For tests: an empty database of a test's own in the server at `url`, dropped by `close`. */
export async function createDatabase(url: string): Promise<TestDatabase> {
  const name = `millrace_test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    connectionString: own.href,
    async close() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
