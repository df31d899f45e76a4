import type { Notice } from './insight.ts';
import type { InsightAccess, RunQuery } from './insight-access.ts';
import { InsightError, invalid } from './insight-error.ts';
import { jsonPath, propertySql } from './question/property.ts';
import { sqlFile } from './sql/sql-file.ts';

/** Where in a question something is named. */
interface Named {
  pointer: string;
  text: string;
}

interface Names {
  properties: Named[];
  events: Named[];
  patterns: Named[];
}

// What once was seen stays seen: an event is only removed with its person or by age.
const seen = new WeakMap<object, Set<string>>();

/**
 * Looks at every property, event and pattern that a question names, wherever it stands. An event that no one ever sent
 * is a notice, since it may come yet.
 * @throws InsightError when no event has such a property, or a pattern is none.
 */
export async function checkNames(
  warehouse: RunQuery,
  access: InsightAccess,
  question: object,
): Promise<Notice[]> {
  const names: Names = { properties: [], events: [], patterns: [] };
  collect(question, '', names);
  for (const { pointer, text } of names.patterns) await checkPattern(warehouse, text, pointer);
  const known = seen.get(access.client) ?? new Set<string>();
  seen.set(access.client, known);
  for (const { pointer, text } of names.properties) {
    propertySql(text, pointer);
    const key = `${access.projectId} ${text}`;
    if (jsonPath(text) === undefined || known.has(key)) continue;
    const values = { project_id: access.projectId, property: text };
    const rows = await warehouse(sqlFile('seen-property', {}, values));
    if (rows.length === 0)
      throw invalid(pointer, `no event of this project has the property ${JSON.stringify(text)}`);
    if (known.size < 10_000) known.add(key);
  }
  return unseenEvents(warehouse, access.projectId, names.events);
}

async function unseenEvents(warehouse: RunQuery, projectId: number, events: Named[]): Promise<Notice[]> {
  const names = [...new Set(events.map(({ text }) => text))];
  if (names.length === 0) return [];
  const rows = await warehouse<{ event: string }>(
    sqlFile('seen-events', {}, { project_id: projectId, names }),
  );
  const found = new Set(rows.map(({ event }) => event));
  return names
    .filter((name) => !found.has(name))
    .map((name) => ({
      code: 'unknown_event',
      message: `This project has no event of the name ${JSON.stringify(name)}.`,
    }));
}

async function checkPattern(warehouse: RunQuery, pattern: string, pointer: string): Promise<void> {
  try {
    await warehouse(sqlFile('valid-pattern', {}, { pattern }));
  } catch (error) {
    if (!(error instanceof InsightError) || error.code !== 'insight_failed') throw error;
    throw invalid(pointer, 'expected a regular expression (RE2)');
  }
}

function collect(value: unknown, pointer: string, names: Names): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  if (!Array.isArray(value)) {
    if (typeof fields.property === 'string')
      names.properties.push({ pointer: `${pointer}/property`, text: fields.property });
    if (Array.isArray(fields.properties))
      for (const [index, text] of fields.properties.entries())
        if (typeof text === 'string')
          names.properties.push({ pointer: `${pointer}/properties/${index}`, text });
    const texts = (field: string) =>
      [fields[field]]
        .flat()
        .flatMap((text) => (typeof text === 'string' ? [{ pointer: `${pointer}/${field}`, text }] : []));
    names.events.push(...texts('event'));
    if (fields.operator === 'matches' || fields.operator === 'not_matches')
      names.patterns.push(...texts('value'));
  }
  for (const [name, inner] of Object.entries(fields)) collect(inner, `${pointer}/${name}`, names);
}
