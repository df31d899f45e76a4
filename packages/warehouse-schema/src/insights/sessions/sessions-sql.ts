import type { Scope } from '../scope.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';

/** As long as a session may be. */
const LONGEST_MS = 86_400_000;

/** The sessions that begin in the question's range: see `queries/insights/sessions/sessions.sql`. */
export function sessionsSql(scope: Scope, bots: boolean): Sql {
  const { from: first, to: last } = scope.range;
  const range = { from: first - LONGEST_MS, to: last + LONGEST_MS };
  const project = { project_id: scope.projectId };
  return sqlFile(
    'sessions/sessions',
    {
      around: sqlFile('sessions/around', {}, { ...project, ...range }),
      flags: sqlFile('sessions/flags', { meets: scope.rows({ range }) }),
      person: scope.person,
      bots: bots ? sql`true` : sql`NOT bitTest(flags, 3)`,
    },
    { first, last },
  );
}
