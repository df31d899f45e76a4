import type { WarehouseClient } from '../client.ts';
import { type MigrateOptions, planMigrations } from '../migrations/migrate.ts';
import { compareTables } from './compare-tables.ts';
import { compareViews } from './compare-views.ts';
import { declaredObjects } from './declared-objects.ts';
import { PERSON_DICTIONARY, type SchemaDifference } from './difference.ts';
import { type Definition, parseDefinition } from './parse-definition.ts';
import { readObjects } from './read-objects.ts';

export interface DiffOptions extends Pick<MigrateOptions, 'folder'> {
  client: WarehouseClient;
  /** Whether the dictionary of people has to be there. @default false */
  needsPeople?: boolean;
}

/** How a warehouse stands to its migrations. */
export interface SchemaDiff {
  differences: SchemaDifference[];
  /** Migrations that are not applied yet; what they would make does not count as a difference. */
  pending: { version: number; name: string }[];
}

/**
 * Compares every table, view and dictionary with what the migrations that were applied make of an empty database: columns
 * with their types, defaults, codecs and TTLs, keys, indexes, projections, constraints, settings, what views select and
 * where they write. Changes nothing. A materialized view of nobody's over one of the tables is a difference; other tables
 * in the database are left alone.
 * @throws MigrationError when an applied migration was edited or is missing.
 */
export async function diffSchema(options: DiffOptions): Promise<SchemaDiff> {
  const { client, needsPeople = false } = options;
  const { applied, pending } = await planMigrations(options);
  const versions = applied.map(({ version }) => version);
  const declared = versions.length === 0 ? new Map() : await declaredObjects(client, versions, options);
  const found = await readObjects(client);
  const differences: SchemaDifference[] = [];
  for (const [object, statement] of declared) {
    const there = found.get(object);
    if (there === undefined) {
      const isDictionary = statement.startsWith('CREATE DICTIONARY');
      if (isDictionary && !(needsPeople && object === PERSON_DICTIONARY)) continue;
      const mend = isDictionary ? [] : [statement];
      differences.push({ object, part: 'missing', name: '', expected: statement, found: '', mend });
    } else if (there !== statement) {
      differences.push(...compareObjects(object, statement, there, client.database));
    }
  }
  differences.push(...extraViews(declared, found, client.database));
  return { differences, pending: pending.map(({ version, name }) => ({ version, name })) };
}

function compareObjects(
  object: string,
  expected: string,
  found: string,
  database: string,
): SchemaDifference[] {
  const wanted = parseDefinition(expected);
  const there = parseDefinition(found);
  const named = `${database}.${object}`;
  if (wanted.kind !== there.kind) {
    const mend = [`DROP ${there.kind === 'TABLE' ? 'TABLE' : 'VIEW'} ${named} SYNC`, expected];
    return [{ object, part: 'kind', name: '', expected: wanted.kind, found: there.kind, mend }];
  }
  if (wanted.kind === 'DICTIONARY') return compareDictionaries(object, wanted, there);
  const differences =
    wanted.kind === 'TABLE'
      ? compareTables(wanted, there, named)
      : compareViews(wanted, there, { view: named, statement: expected });
  if (differences.length > 0) return differences.map((one) => ({ object, ...one }));
  if (unordered(wanted) === unordered(there)) return [];
  return [{ object, part: 'definition', name: '', expected, found, mend: [] }];
}

/** What is the same in another order means the same, but for the columns, whose order is compared before. */
function unordered(definition: Definition): string {
  const parts = Object.values(definition).map((part) =>
    part instanceof Map ? [...part].map(entryText).sort() : part,
  );
  return JSON.stringify(parts);
}

function entryText([name, value]: [string, string | Map<string, string>]): string {
  return JSON.stringify([name, typeof value === 'string' ? value : [...value].sort()]);
}

function compareDictionaries(object: string, wanted: Definition, found: Definition): SchemaDifference[] {
  const [expected, there] = [wanted, found].map(({ columns, clauses }) =>
    [
      ...[...columns].map(([name, parts]) => `${name} ${[...parts].flat().join(' ')}`),
      // Where it reads from differs from place to place, and ClickHouse shows no password.
      ...[...clauses].map(([word, text]) =>
        word === 'SOURCE' ? text.slice(Math.max(0, text.search(/\bQUERY '/))) : `${word} ${text}`,
      ),
    ].join(', '),
  ) as [string, string];
  if (expected === there) return [];
  return [{ object, part: 'dictionary', name: '', expected, found: there, mend: [] }];
}

/** Materialized views that no migration made, and that every insert into a table of ours runs. */
function extraViews(
  declared: Map<string, string>,
  found: Map<string, string>,
  database: string,
): SchemaDifference[] {
  const tables = [...declared].filter(([, text]) => text.startsWith('CREATE TABLE')).map(([name]) => name);
  if (tables.length === 0) return [];
  const reads = new RegExp(`\\bFROM (?:\`?${database}\`?\\.)?\`?(?:${tables.join('|')})\`?(?![\\w.])`);
  return [...found]
    .filter(
      ([name, text]) =>
        text.startsWith('CREATE MATERIALIZED VIEW') && !declared.has(name) && reads.test(text),
    )
    .map(([object, text]) => {
      const mend = [`DROP VIEW ${database}.${object} SYNC`];
      return { object, part: 'extra' as const, name: '', expected: '', found: text, mend };
    });
}
