import { queryText } from '../../queries/run-query.ts';
import { fillSql, type Sql } from './sql.ts';

/**
 * `queries/insights/<name>.sql` as a piece of SQL: `{{slot}}` takes other pieces, `{name:Type}` takes a value, which
 * ClickHouse binds. The comment that opens the file is left out.
 */
export function sqlFile(
  name: string,
  slots: Readonly<Record<string, Sql>> = {},
  values: Readonly<Record<string, unknown>> = {},
): Sql {
  const text = queryText(`insights/${name}`).replace(/^(?:--[^\n]*\n)+/, '');
  return fillSql(text.trimEnd(), slots, values);
}
