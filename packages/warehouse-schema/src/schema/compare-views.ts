import type { SchemaDifference } from './difference.ts';
import type { Definition } from './parse-definition.ts';

type Found = Omit<SchemaDifference, 'object'>;

/** How a view differs from what it should be. `statement`: what makes it; `view`: its name in statements. */
export function compareViews(
  wanted: Definition,
  found: Definition,
  { view, statement }: { view: string; statement: string },
): Found[] {
  const select = { expected: wanted.clauses.get('AS') ?? '', found: found.clauses.get('AS') ?? '' };
  const target = { expected: wanted.clauses.get('TO') ?? '', found: found.clauses.get('TO') ?? '' };
  const columns = { expected: columnsOf(wanted), found: columnsOf(found) };
  const isMaterialized = wanted.kind === 'MATERIALIZED VIEW';
  const anew = isMaterialized
    ? [`DROP VIEW ${view} SYNC`, statement]
    : [statement.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW')];
  if (target.expected !== target.found) return [{ part: 'target', name: '', ...target, mend: anew }];
  if (select.expected !== select.found) {
    const mend = isMaterialized ? [`ALTER TABLE ${view} MODIFY QUERY ${select.expected}`] : anew;
    return [{ part: 'select', name: '', ...select, mend }];
  }
  if (columns.expected === columns.found) return [];
  return [{ part: 'column', name: '', ...columns, mend: anew }];
}

/** Names and types: a materialized view has no more of its own. */
function columnsOf({ columns }: Definition): string {
  return [...columns].map(([name, clauses]) => `${name} ${clauses.get('type')}`).join(', ');
}
