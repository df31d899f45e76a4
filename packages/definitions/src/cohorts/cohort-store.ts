import { wellFormedString } from '@millrace/core';
import type { ClientBase } from 'pg';
import { awaitSnapshot } from '../store/await-snapshot.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import type { CohortPlace, CohortStore, NewCohort, StoredCohort } from './stored-cohort.ts';

/** What the store is made over. */
interface Database {
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  withClient<T>(use: (client: ClientBase) => Promise<T>): Promise<T>;
}

const COLUMNS = 'name, version, definition, author, note, created_at AS "createdAt"';
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The stored cohorts over PostgreSQL, or PGlite. */
export function createCohortStore({ rows, withClient }: Database): CohortStore {
  return {
    list: (projectId) =>
      rows<StoredCohort>(
        `SELECT * FROM (
           SELECT DISTINCT ON (name) ${COLUMNS} FROM cohorts WHERE project_id = $1 ORDER BY name, version DESC
         ) newest WHERE definition IS NOT NULL ORDER BY name`,
        [projectId],
      ),
    async read({ projectId, name, version }) {
      const [found] = await rows<StoredCohort>(
        `SELECT ${COLUMNS} FROM cohorts WHERE project_id = $1 AND name = $2 AND version = coalesce($3, version)
         ORDER BY version DESC LIMIT 1`,
        [projectId, name, version ?? null],
      );
      return found && (found.definition !== null || version !== undefined) ? found : undefined;
    },
    history: ({ projectId, name }) =>
      rows<StoredCohort>(
        `SELECT ${COLUMNS} FROM cohorts WHERE project_id = $1 AND name = $2 ORDER BY version DESC`,
        [projectId, name],
      ),
    async save(cohort) {
      checkNewCohort(cohort);
      const version = await withClient((client) => saveCohort(client, cohort));
      await awaitSnapshot(rows);
      return { version };
    },
  };
}

async function saveCohort(client: ClientBase, cohort: NewCohort): Promise<number> {
  const { projectId, name, definition, author, note = '', ifVersion } = cohort;
  await client.query('BEGIN');
  try {
    const newest = await lockCohorts(client, cohort);
    const version = newest?.version ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) {
      throw new DefinitionsError(
        'stale_version',
        `the cohort ${name} is at version ${version}, not ${ifVersion}: look at what changed, then save again`,
      );
    }
    const text = definition && JSON.stringify(definition);
    const { rows } = await client.query<{ same: boolean }>(
      'SELECT $1::jsonb IS NOT DISTINCT FROM $2::jsonb AS same',
      [newest?.definition ? JSON.stringify(newest.definition) : null, text],
    );
    if (rows[0]?.same) {
      await client.query('COMMIT');
      return version;
    }
    await client.query(
      `INSERT INTO cohorts (project_id, name, version, definition, author, note) VALUES ($1, $2, $3, $4, $5, $6)`,
      [projectId, name, version + 1, text, author, note],
    );
    await client.query('COMMIT');
    return version + 1;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The newest version of a cohort, while nobody else saves one of the project until the commit. */
async function lockCohorts(
  client: ClientBase,
  { projectId, name }: CohortPlace,
): Promise<StoredCohort | undefined> {
  const project = await client.query('SELECT FROM projects WHERE project_id = $1 FOR UPDATE', [projectId]);
  if (project.rowCount === 0) {
    throw new DefinitionsError('unknown_project', `there is no project with the id ${projectId}`);
  }
  const { rows } = await client.query<StoredCohort>(
    `SELECT ${COLUMNS} FROM cohorts WHERE project_id = $1 AND name = $2 ORDER BY version DESC LIMIT 1`,
    [projectId, name],
  );
  return rows[0];
}

function checkNewCohort({ name, author, note = '' }: NewCohort): void {
  const refuse = (message: string) => new DefinitionsError('invalid_field', message);
  if (!NAME.test(name)) {
    throw refuse(
      `name ${JSON.stringify(name)}: expected 1 to 64 of a-z, 0-9, - and _, a letter or digit first`,
    );
  }
  if (!isText(author, 200) || author.trim() === '')
    throw refuse('author: expected who saves it, in 1 to 200 characters');
  if (!isText(note, 2_000)) throw refuse('note: expected at most 2000 characters');
}

function isText(text: string, max: number): boolean {
  return text.length <= max && !text.includes('\0') && wellFormedString(text) === text;
}
