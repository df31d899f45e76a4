import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestDatabase } from './describe-store.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL whose user may make databases; given by scripts/services/postgres-setup.mjs. */
    databaseUrl: string;
  }
}

/** For tests: an empty database of a test's own in the server of the project `postgres`, dropped by `close`. */
export async function createDatabase(url: string = inject('databaseUrl')): Promise<TestDatabase> {
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
