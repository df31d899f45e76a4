import type { InsightRun } from '../insight.ts';
import { propertySql } from '../question/property.ts';
import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import { joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { Range } from '../time/range.ts';
import { measureSql } from './measure-sql.ts';
import {
  accumulate,
  arrange,
  emptyLines,
  type Measured,
  type MeasuredRow,
  type TrendValues,
} from './trend-lines.ts';
import type { TrendsQuestion } from './trends-question.ts';

/** The values of the breakdown that stand apart, the first of them first; none without a breakdown. */
export async function topValues(run: InsightRun, question: TrendsQuestion): Promise<string[]> {
  const { breakdown, series } = question;
  const [first] = series;
  if (!breakdown || !first) return [];
  const slots = {
    value: propertySql(breakdown.property, '/breakdown/property').text,
    rows: run.scope.rows({ events: anyEventSql(series) }),
    any: anySeries(question),
    measure: measureSql(first, eventChoiceSql(first, '/series/0'), run.scope.person, '/series/0'),
  };
  const limit = { limit: breakdown.limit ?? 10 };
  const rows = await run.query<{ value: string }>(sqlFile('trends/top-values', slots, limit));
  return rows.map(({ value }) => value);
}

/** Every series within a range, by value of the breakdown. */
export async function measureTrends(
  run: InsightRun,
  question: TrendsQuestion,
  { range, starts, top }: { range: Range; starts: number[]; top: string[] },
): Promise<Measured> {
  const { breakdown, series, cumulative } = question;
  const { person } = run.scope;
  const value = breakdown ? propertySql(breakdown.property, '/breakdown/property').text : sql`''`;
  const slots = {
    value,
    other: breakdown ? sql`NOT has(${param('top', 'Array(String)', top)}, ${value})` : sql`false`,
    rows: run.scope.rows({ range, events: anyEventSql(series) }),
  };
  const choices = series.map((one, index) => eventChoiceSql(one, `/series/${index}`));
  const measures = series.map((one, index) =>
    measureSql(one, choices[index] as Sql, person, `/series/${index}`),
  );
  const query = { ...slots, any: anySeries(question), measures: sql`[${joinSql(measures)}]` };
  const empty = series.map(ofNothing);
  const measured = arrange(
    await run.query<MeasuredRow>(sqlFile('trends/series', query, { starts })),
    starts,
    empty,
  );
  if (!cumulative) return measured;
  for (const [index, one] of series.entries()) {
    const firsts = { ...slots, person, matches: choices[index] as Sql };
    const met =
      one.measure === 'people' &&
      arrange(await run.query<MeasuredRow>(sqlFile('trends/first-seen', firsts, { starts })), starts, [0]);
    const how = one.measure === 'min' || one.measure === 'max' ? one.measure : 'sum';
    for (const [key, lines] of measured) {
      const line = met ? met.get(key)?.[0] : lines[index];
      lines[index] = accumulate(line ?? (emptyLines(starts.length, [0])[0] as TrendValues), how);
    }
  }
  return measured;
}

/** What a series has where there are no rows. */
export function ofNothing({ measure = 'count' }: TrendsQuestion['series'][number]): number | null {
  return ['count', 'people', 'sum'].includes(measure) ? 0 : null;
}

function anySeries({ series }: TrendsQuestion): Sql {
  const choices = series.map((one, index) => eventChoiceSql(one, `/series/${index}`));
  return joinSql(choices, ' OR ');
}
