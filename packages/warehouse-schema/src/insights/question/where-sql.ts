import { invalid } from '../insight-error.ts';
import { joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { propertySql } from './property.ts';
import type { CohortCondition, Comparison, EventChoice, Where } from './question-schema.ts';

/** Conditions as an expression over `events`; true when there are none. `pointer` is where they stand. */
export function whereSql(where: Where | undefined, pointer: string): Sql {
  if (where === undefined || where.length === 0) return sql`true`;
  const conditions = where.map((condition, index) => {
    const place = `${pointer}/${index}`;
    if (!('any' in condition)) return conditionSql(condition, place);
    const choices = condition.any.map((one, n) => conditionSql(one, `${place}/any/${n}`));
    return sql`(${joinSql(choices, ' OR ')})`;
  });
  return joinSql(conditions, ' AND ');
}

/** Which rows of `events` are of this choice. */
export function eventChoiceSql(choice: EventChoice, pointer: string): Sql {
  const names = eventNames([choice]);
  const where = whereSql(choice.where, `${pointer}/where`);
  if (names === undefined) return sql`(${where})`;
  const named =
    names.length === 1
      ? sql`events.event = ${param('event', 'String', names[0])}`
      : sql`events.event IN ${param('events', 'Array(String)', names)}`;
  return choice.where?.length ? sql`(${named} AND ${where})` : sql`(${named})`;
}

/** The names of events that any of the choices takes; undefined when one of them takes every event. */
export function eventNames(choices: readonly EventChoice[]): string[] | undefined {
  const names = choices.map(({ event }) => event);
  if (names.includes(undefined)) return undefined;
  return [...new Set(names.flat())].filter((name) => name !== undefined);
}

/** Leaves out, by the key of the table, the rows that none of the choices takes. */
export function anyEventSql(choices: readonly EventChoice[]): Sql {
  const names = eventNames(choices);
  return names === undefined ? sql`true` : sql`events.event IN ${param('events', 'Array(String)', names)}`;
}

function conditionSql(condition: Comparison | CohortCondition, pointer: string): Sql {
  if (!('cohort' in condition)) return comparisonSql(condition, pointer);
  if (condition.members === undefined) throw new TypeError('a cohort that was not read: see readyCohorts');
  return condition.not ? sql`NOT ${condition.members}` : condition.members;
}

function comparisonSql(comparison: Comparison, pointer: string): Sql {
  const { property, operator, value } = comparison;
  const read = propertySql(property, `${pointer}/property`);
  if (operator === 'is_set' || operator === 'is_not_set') {
    if (value !== undefined) throw invalid(`${pointer}/value`, `${operator} takes no value`);
    return operator === 'is_set' ? sql`${read.text} != ''` : sql`${read.text} = ''`;
  }
  if (value === undefined) throw invalid(`${pointer}/value`, 'is required');
  if (operator === 'lt' || operator === 'lte' || operator === 'gt' || operator === 'gte') {
    if (typeof value !== 'number') throw invalid(`${pointer}/value`, 'expected a number');
    const bound = param('bound', 'Float64', value);
    const number = sql`toFloat64(${read.number})`;
    const compared = {
      lt: sql`${number} < ${bound}`,
      lte: sql`${number} <= ${bound}`,
      gt: sql`${number} > ${bound}`,
      gte: sql`${number} >= ${bound}`,
    }[operator];
    return sql`ifNull(${compared}, false)`;
  }
  const values = param('values', 'Array(String)', [value].flat().map(String));
  switch (operator) {
    case 'is':
      return sql`${read.text} IN ${values}`;
    case 'is_not':
      return sql`${read.text} NOT IN ${values}`;
    case 'contains':
      return sql`multiSearchAnyCaseInsensitiveUTF8(${read.text}, ${values})`;
    case 'not_contains':
      return sql`NOT multiSearchAnyCaseInsensitiveUTF8(${read.text}, ${values})`;
    case 'starts_with':
      return sql`arrayExists(v -> startsWith(${read.text}, v), ${values})`;
    case 'ends_with':
      return sql`arrayExists(v -> endsWith(${read.text}, v), ${values})`;
    case 'matches':
      return sql`arrayExists(v -> match(${read.text}, v), ${values})`;
    case 'not_matches':
      return sql`NOT arrayExists(v -> match(${read.text}, v), ${values})`;
  }
}
