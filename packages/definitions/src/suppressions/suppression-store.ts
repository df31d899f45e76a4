import { awaitSnapshot } from '../store/await-snapshot.ts';

/** An id of a person who was deleted, by its hash; until when, in Unix milliseconds. */
export interface SuppressedIdRow {
  projectId: number;
  salt: string;
  hash: string;
  until: number;
}

/** The suppressed ids as of `version`. */
export interface SuppressedIds {
  version: number;
  ids: SuppressedIdRow[];
}

/** Which ids are suppressed. Only hashes come here: what is deleted here leaves traces in the files of a database. */
export interface SuppressionStore {
  /** Adds ids, or moves their time on. Resolves once that survives a power cut; servers follow within a second. */
  add(ids: readonly SuppressedIdRow[]): Promise<void>;
  list(): Promise<SuppressedIds>;
}

interface Database {
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** The suppressed ids over PostgreSQL, or PGlite. */
export function createSuppressionStore({ rows }: Database): SuppressionStore {
  return {
    async add(ids) {
      await rows(
        `INSERT INTO suppressed_ids (project_id, salt, hash, until_ms)
         SELECT "projectId", salt, hash, max("until")
         FROM json_to_recordset($1) AS one ("projectId" integer, salt text, hash text, "until" bigint)
         GROUP BY 1, 2, 3
         ON CONFLICT (project_id, salt, hash)
         DO UPDATE SET until_ms = greatest(suppressed_ids.until_ms, excluded.until_ms)`,
        [JSON.stringify(ids)],
      );
      await awaitSnapshot(rows);
    },
    async list() {
      const [row] = await rows<SuppressedIds>(
        `SELECT version::float8 AS version, coalesce((
           SELECT json_agg(json_build_object('projectId', project_id, 'salt', salt, 'hash', hash, 'until', until_ms))
           FROM suppressed_ids
         ), '[]') AS ids FROM definitions_version`,
      );
      return row ?? { version: 0, ids: [] };
    },
  };
}
