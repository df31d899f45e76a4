import { joinSql, param, type Sql, sql } from '../sql/sql.ts';
import type { ReadJourneys } from './journeys-question.ts';

/** Ids of steps that are none: `OTHER` is all that do not stand apart, `END` and `MORE` what follows a journey's last. */
export const OTHER = 1;
export const END = 2;
export const MORE = 3;

const NAME = { event: sql`toString(events.event)`, path: sql`events.path` };

/** Which rows of `events` are steps, what a step is called, and its id: 52 bits of a hash, exact as a number in JSON. */
export function stepNames({ by, exclude, group }: ReadJourneys) {
  const raw = NAME[by];
  const steps = [
    by === 'path' ? sql`events.type = 'page' AND events.path != ''` : sql`true`,
    ...(exclude.length > 0 ? [sql`NOT ${fitsSql(raw, exclude)}`] : []),
  ];
  const grouped = group.flatMap((one) => [fitsSql(raw, [one]), param('group', 'String', one)]);
  const shown = group.length === 0 ? raw : sql`multiIf(${joinSql([...grouped, raw])})`;
  return {
    raw,
    shown,
    isStep: sql`(${joinSql(steps, ' AND ')})`,
    id: sql`(bitShiftRight(cityHash64(${shown}), 12) + 4)`,
  };
}

/** Whether a text fits one of the names, in which `*` stands for any text. */
export function fitsSql(text: Sql, names: readonly string[]): Sql {
  const plain = names.filter((one) => !one.includes('*'));
  const patterns = names.filter((one) => one.includes('*'));
  const choices = [
    ...(plain.length > 0 ? [sql`${text} IN ${param('names', 'Array(String)', plain)}`] : []),
    ...patterns.map((one) => sql`${text} LIKE ${param('pattern', 'String', likePattern(one))}`),
  ];
  return sql`(${joinSql(choices, ' OR ')})`;
}

function likePattern(name: string): string {
  return name.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%');
}
