import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type AlertStore, createAlertStore } from '../alerts/alert-store.ts';
import { createCohortStore } from '../cohorts/cohort-store.ts';
import type { CohortStore } from '../cohorts/stored-cohort.ts';
import { currentDefinitions, listDefinitions, readDefinitions } from '../history/read-definitions.ts';
import { saveDefinitions } from '../history/save-definitions.ts';
import type {
  CurrentDefinitions,
  DefinitionsPlace,
  DefinitionsVersion,
  NewDefinitions,
  StoredDefinitions,
} from '../history/stored-definitions.ts';
import { migrateDefinitions, planDefinitions } from '../migrations/migrate.ts';
import { createSuppressionStore, type SuppressionStore } from '../suppressions/suppression-store.ts';
import { awaitSnapshot } from './await-snapshot.ts';
import { DefinitionsError } from './definitions-error.ts';

/** A project: what its events are kept under. */
export interface Project {
  projectId: number;
  name: string;
  retentionDays: number;
}

/**
 * What a key is for. A `client` key stands in web pages for everyone to read: it sends events and reads what clients may
 * see of the definitions. A `server` key is secret: it sends events and reads all of them.
 */
export type KeyKind = 'client' | 'server';

/** A write key: who holds it may send events to the project, and read its definitions as far as its kind allows. */
export interface WriteKey {
  writeKey: string;
  kind: KeyKind;
  projectId: number;
  project: string;
  name: string;
  /** Refused by a server that listens beyond loopback. */
  loopbackOnly: boolean;
  createdAt: Date;
  revokedAt: Date | null;
}

/** The keys that are not revoked, as of `version`. */
export interface ActiveKeys {
  version: number;
  keys: ActiveKey[];
}

/** What it takes to accept an event under a key. */
export interface ActiveKey {
  writeKey: string;
  kind: KeyKind;
  projectId: number;
  retentionDays: number;
  loopbackOnly: boolean;
}

/** What `createKey` and `ensureKey` take; `writeKey` is made at random where it is left out. */
export interface NewKey {
  projectId: number;
  /** @default 'client' */
  kind?: KeyKind;
  name?: string;
  writeKey?: string;
  loopbackOnly?: boolean;
}

/**
 * Projects, keys and documents in PostgreSQL. A method that changes something resolves once the change survives a
 * power cut. Methods throw `DefinitionsError` for what the caller can put right, and the driver's errors
 * when the database is away.
 */
export interface DefinitionsStore {
  migrate(): Promise<string[]>;
  planMigrations(): Promise<string[]>;
  listProjects(): Promise<Project[]>;
  /** The project of that name, made if it does not exist. */
  ensureProject(name: string, options?: { retentionDays?: number }): Promise<Project>;
  /**
   * How long the events of a project are kept, in days (1 to 36500), for those that come from then on. Throws
   * `DefinitionsError` `unknown_project`, `invalid_field`.
   */
  setRetention(name: string, days: number): Promise<Project>;
  createKey(key: NewKey): Promise<WriteKey>;
  /** The key as it is, made if it does not exist; one that was revoked stays revoked. */
  ensureKey(key: NewKey & { writeKey: string }): Promise<WriteKey>;
  /** Revokes for good; servers refuse the key within a second. Revoking twice changes nothing. */
  revokeKey(writeKey: string): Promise<WriteKey>;
  listKeys(): Promise<WriteKey[]>;
  /** Grows with every change of any definition. */
  version(): Promise<number>;
  activeKeys(): Promise<ActiveKeys>;
  /**
   * Makes a document the newest of its environment and gives its version, 1 for the first; what is there already is not
   * saved again. Throws `InvalidDefinitionsError` with all that is wrong, which includes other salts, variants, unit type or
   * bucketing version of a phase that has begun; `DefinitionsError` `stale_version` where `ifVersion` is not the newest,
   * `unknown_project`, `invalid_field`.
   */
  saveDefinitions(definitions: NewDefinitions): Promise<{ version: number }>;
  /** The newest document of an environment, or that of `version`; undefined where there is none, or no longer. */
  readDefinitions(
    which: DefinitionsPlace & { version?: number | undefined },
  ): Promise<StoredDefinitions | undefined>;
  /** The history of an environment, the newest first; the text of very old versions may be gone. */
  listDefinitions(place: DefinitionsPlace): Promise<DefinitionsVersion[]>;
  /** The newest documents of all projects and environments. */
  currentDefinitions(): Promise<CurrentDefinitions>;
  /** Groups of people, by name. */
  cohorts: CohortStore;
  /** Ids of people who were deleted. */
  suppressions: SuppressionStore;
  alerts: AlertStore;
  close(): Promise<void>;
}

const KEY_COLUMNS = `k.write_key AS "writeKey", k.kind, k.project_id AS "projectId", p.name AS project, k.name,
  k.loopback_only AS "loopbackOnly", k.created_at AS "createdAt", k.revoked_at AS "revokedAt"`;
const PROJECT_COLUMNS = `project_id AS "projectId", name, retention_days AS "retentionDays"`;

/** A store over PostgreSQL, or over PGlite's socket, which speaks the same. Connects when first used. */
export function createDefinitionsStore(options: { connectionString: string }): DefinitionsStore {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    // PGlite runs one query at a time, so more connections would only wait there.
    max: 2,
    connectionTimeoutMillis: 3_000,
    query_timeout: 10_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // A connection that dies while idle is replaced at the next query; without a listener it ends the process.
  pool.on('error', () => {});

  async function rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await pool.query<Row>(text, values)).rows;
  }

  async function withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      return await use(client);
    } finally {
      client.release();
    }
  }

  async function findKey(writeKey: string): Promise<WriteKey> {
    const [key] = await rows<WriteKey>(
      `SELECT ${KEY_COLUMNS} FROM write_keys k JOIN projects p USING (project_id) WHERE k.write_key = $1`,
      [writeKey],
    );
    if (!key) throw new DefinitionsError('unknown_key', `there is no write key ${writeKey}`);
    return key;
  }

  async function insertKey(key: NewKey, onConflict: string): Promise<WriteKey> {
    const { kind = 'client' } = key;
    const prefix = kind === 'server' ? 'sk' : 'wk';
    const writeKey = key.writeKey ?? `${prefix}_${randomBytes(16).toString('hex')}`;
    const inserted = await rows(
      `INSERT INTO write_keys (write_key, kind, project_id, name, loopback_only) VALUES ($1, $2, $3, $4, $5)
       ${onConflict} RETURNING write_key`,
      [writeKey, kind, key.projectId, key.name ?? '', key.loopbackOnly ?? false],
    );
    if (inserted.length > 0) await awaitSnapshot(rows);
    return findKey(writeKey);
  }

  return {
    migrate: () => withClient((client) => migrateDefinitions(client)),
    planMigrations: () => withClient((client) => planDefinitions(client)),
    listProjects: () => rows<Project>(`SELECT ${PROJECT_COLUMNS} FROM projects ORDER BY project_id`),

    async ensureProject(name, { retentionDays } = {}) {
      const [made] = await rows<Project>(
        `INSERT INTO projects (name, retention_days) VALUES ($1, coalesce($2, 730))
         ON CONFLICT (name) DO NOTHING RETURNING ${PROJECT_COLUMNS}`,
        [name, retentionDays ?? null],
      );
      if (made) {
        await awaitSnapshot(rows);
        return made;
      }
      const [found] = await rows<Project>(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE name = $1`, [name]);
      if (!found) throw new DefinitionsError('unknown_project', `there is no project ${name}`);
      return found;
    },

    async setRetention(name, days) {
      if (!Number.isInteger(days) || days < 1 || days > 36_500) {
        throw new DefinitionsError(
          'invalid_field',
          `retentionDays: expected 1 to 36500 whole days, got ${days}`,
        );
      }
      const [changed] = await rows<Project>(
        `UPDATE projects SET retention_days = $2 WHERE name = $1 RETURNING ${PROJECT_COLUMNS}`,
        [name, days],
      );
      if (!changed) throw new DefinitionsError('unknown_project', `there is no project ${name}`);
      await awaitSnapshot(rows);
      return changed;
    },

    createKey: (key) => insertKey(key, ''),
    ensureKey: (key) => insertKey(key, 'ON CONFLICT (write_key) DO NOTHING'),

    async revokeKey(writeKey) {
      const revoked = await rows(
        'UPDATE write_keys SET revoked_at = now() WHERE write_key = $1 AND revoked_at IS NULL RETURNING 1',
        [writeKey],
      );
      if (revoked.length > 0) await awaitSnapshot(rows);
      return findKey(writeKey);
    },

    listKeys: () =>
      rows<WriteKey>(
        `SELECT ${KEY_COLUMNS} FROM write_keys k JOIN projects p USING (project_id)
         ORDER BY k.project_id, k.created_at, k.write_key`,
      ),

    async version() {
      const [row] = await rows<{ version: number }>(
        'SELECT version::float8 AS version FROM definitions_version',
      );
      return row?.version ?? 0;
    },

    async activeKeys() {
      // One statement, so that the keys are those of the version.
      const [row] = await rows<ActiveKeys>(
        `SELECT version::float8 AS version, coalesce((
           SELECT json_agg(json_build_object('writeKey', write_key, 'kind', kind, 'projectId', project_id,
             'retentionDays', retention_days, 'loopbackOnly', loopback_only))
           FROM write_keys JOIN projects USING (project_id) WHERE revoked_at IS NULL
         ), '[]') AS keys FROM definitions_version`,
      );
      return row ?? { version: 0, keys: [] };
    },

    async saveDefinitions(definitions) {
      const version = await withClient((client) => saveDefinitions(client, definitions));
      await awaitSnapshot(rows);
      return { version };
    },
    readDefinitions: (which) => readDefinitions(rows, which),
    listDefinitions: (place) => listDefinitions(rows, place),
    currentDefinitions: () => currentDefinitions(rows),
    alerts: createAlertStore({ rows, withClient, safe: () => awaitSnapshot(rows) }),

    cohorts: createCohortStore({ rows, withClient }),
    suppressions: createSuppressionStore({ rows }),
    close: () => pool.end(),
  };
}
