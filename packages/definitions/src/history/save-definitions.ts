import type { Definitions } from '@millrace/core/evaluation';
import type { ClientBase } from 'pg';
import { type DefinitionsProblem, InvalidDefinitionsError } from '../document/definitions-problem.ts';
import { validateDefinitions } from '../document/validate-definitions.ts';
import { planPhases } from '../phases/plan-phases.ts';
import { readPhases } from '../phases/read-phases.ts';
import { writePhases } from '../phases/write-phases.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import { checkNewDefinitions } from './check-new-definitions.ts';
import type { DefinitionsPlace, NewDefinitions } from './stored-definitions.ts';

/** How much of the older documents of an environment is kept, since each copy of the definitions holds all of it. */
const KEPT_BYTES = 16 * 1024 * 1024;
/** So many of the newest documents are kept however large they are. */
const KEPT_VERSIONS = 10;

/** Saves a document and the rows that are made from it, all or nothing; gives the version that now counts. */
export async function saveDefinitions(client: ClientBase, given: NewDefinitions): Promise<number> {
  const { projectId, environment } = given;
  checkNewDefinitions(given);
  const valid = validateDefinitions(given.document);
  await client.query('BEGIN');
  try {
    const { version: newest, now } = await lockHistory(client, given);
    if (given.ifVersion !== undefined && given.ifVersion !== newest) {
      throw new DefinitionsError(
        'stale_version',
        `the definitions of ${environment} are at version ${newest}, not ${given.ifVersion}: look at what changed, then save again`,
      );
    }
    const definitions = { ...valid, version: newest + 1, environment };
    if (await isNewest(client, given, definitions)) {
      await client.query('COMMIT');
      return newest;
    }
    const problems: DefinitionsProblem[] = [];
    const recorded = await readPhases(client, projectId, environment);
    const planned = planPhases(definitions, recorded, now, (path, message) =>
      problems.push({ path, message }),
    );
    if (problems.length > 0) throw new InvalidDefinitionsError(problems);
    await insertDocument(client, given, definitions);
    await writePhases(client, { projectId, environment, definitions, recorded, planned });
    await client.query('COMMIT');
    return definitions.version;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** One save at a time for a project: the newest version and the database's clock stay true until the commit. */
async function lockHistory(
  client: ClientBase,
  { projectId, environment }: DefinitionsPlace,
): Promise<{ version: number; now: number }> {
  const project = await client.query('SELECT FROM projects WHERE project_id = $1 FOR UPDATE', [projectId]);
  if (project.rowCount === 0) {
    throw new DefinitionsError('unknown_project', `there is no project with the id ${projectId}`);
  }
  const { rows } = await client.query<{ version: number; now: number }>(
    `SELECT coalesce(max(version), 0) AS version, floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now
     FROM definitions_documents WHERE project_id = $1 AND environment = $2`,
    [projectId, environment],
  );
  return rows[0] ?? { version: 0, now: Date.now() };
}

/** Whether the newest document says the same. */
async function isNewest(
  client: ClientBase,
  { projectId, environment }: DefinitionsPlace,
  definitions: Definitions,
): Promise<boolean> {
  const { rows } = await client.query<{ same: boolean }>(
    `SELECT document - 'version' = $4::jsonb - 'version' AS same FROM definitions_documents
     WHERE project_id = $1 AND environment = $2 AND version = $3`,
    [projectId, environment, definitions.version - 1, JSON.stringify(definitions)],
  );
  return rows[0]?.same === true;
}

/** Adds the document to the history, and lets go of the text of the oldest where all of them take too much room. */
async function insertDocument(
  client: ClientBase,
  { projectId, environment, author, note = '' }: NewDefinitions,
  definitions: Definitions,
): Promise<void> {
  const text = JSON.stringify(definitions);
  await client.query(
    `INSERT INTO definitions_documents (project_id, environment, version, document, bytes, author, note)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [projectId, environment, definitions.version, text, Buffer.byteLength(text), author, note],
  );
  await client.query(
    `UPDATE definitions_documents d SET document = NULL
     FROM (
       SELECT version, sum(bytes) OVER newest AS held, row_number() OVER newest AS age
       FROM definitions_documents WHERE project_id = $1 AND environment = $2
       WINDOW newest AS (ORDER BY version DESC)
     ) h
     WHERE d.project_id = $1 AND d.environment = $2 AND d.version = h.version
       AND d.document IS NOT NULL AND h.held > $3 AND h.age > $4`,
    [projectId, environment, KEPT_BYTES, KEPT_VERSIONS],
  );
}
