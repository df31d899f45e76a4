import type {
  CurrentDefinitions,
  DefinitionsPlace,
  DefinitionsVersion,
  StoredDefinitions,
} from './stored-definitions.ts';

type Rows = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;

const VERSION_COLUMNS = 'version, author, note, created_at AS "createdAt"';

/** The newest document of an environment, or that of a version; undefined where there is none, or no longer. */
export async function readDefinitions(
  rows: Rows,
  { projectId, environment, version }: DefinitionsPlace & { version?: number | undefined },
): Promise<StoredDefinitions | undefined> {
  const [found] = await rows<StoredDefinitions>(
    `SELECT document, ${VERSION_COLUMNS} FROM definitions_documents
     WHERE project_id = $1 AND environment = $2 AND ($3::integer IS NULL OR version = $3) AND document IS NOT NULL
     ORDER BY version DESC LIMIT 1`,
    [projectId, environment, version ?? null],
  );
  return found;
}

/** Who saved what when, the newest first. */
export function listDefinitions(
  rows: Rows,
  { projectId, environment }: DefinitionsPlace,
): Promise<DefinitionsVersion[]> {
  return rows(
    `SELECT ${VERSION_COLUMNS} FROM definitions_documents WHERE project_id = $1 AND environment = $2
     ORDER BY version DESC`,
    [projectId, environment],
  );
}

/** The newest documents of all, in one statement, so that they are those of the version. */
export async function currentDefinitions(rows: Rows): Promise<CurrentDefinitions> {
  const [row] = await rows<CurrentDefinitions>(
    `SELECT version::float8 AS version, coalesce((
       SELECT json_agg(json_build_object('projectId', project_id, 'environment', environment,
         'version', version, 'document', document) ORDER BY project_id, environment)
       FROM (
         SELECT DISTINCT ON (project_id, environment) project_id, environment, d.version, document
         FROM definitions_documents d ORDER BY project_id, environment, d.version DESC
       ) newest
     ), '[]') AS documents FROM definitions_version`,
  );
  return row ?? { version: 0, documents: [] };
}
