import { propertySql } from '../question/property.ts';
import { int, type Sql, sql } from '../sql/sql.ts';
import type { Series } from './trends-question.ts';

/** What a series counts of the rows that `matches` takes, as a nullable number: 0 of nothing, NULL where nothing is to be measured. */
export function measureSql(series: Series, matches: Sql, person: Sql, pointer: string): Sql {
  const { measure = 'count', property, percentile = 50 } = series;
  if (measure === 'count') return sql`toNullable(toFloat64(countIf(${matches})))`;
  if (measure === 'people') return sql`toNullable(toFloat64(uniqExactIf(${person}, ${matches})))`;
  const value = propertySql(property ?? '', `${pointer}/property`).number;
  switch (measure) {
    case 'sum':
      return sql`toNullable(toFloat64(ifNull(sumIf(${value}, ${matches}), 0)))`;
    case 'average':
      return sql`toFloat64(avgIf(${value}, ${matches}))`;
    case 'min':
      return sql`toFloat64(minIf(${value}, ${matches}))`;
    case 'max':
      return sql`toFloat64(maxIf(${value}, ${matches}))`;
    case 'percentile':
      // The level must be a literal; to the hundred-thousandth.
      return sql`toFloat64(quantileExactInclusiveIf(${int(Math.round(percentile * 1000))} / 100000)(${value}, ${matches}))`;
  }
}
