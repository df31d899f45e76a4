import { int, joinSql, type Sql, sql } from '../sql/sql.ts';
import type { FunnelRow, TimeToConvert } from './funnel-result.ts';

/** The median time from each step to the next, null for the first. */
export function mediansSql(count: number): Sql {
  const medians = Array.from({ length: count }, (_, index) =>
    index === 0
      ? sql`CAST(NULL AS Nullable(Float64))`
      : sql`quantileExactInclusiveIf(0.5)(toNullable(people.times[${int(index + 1)}] - people.times[${int(index)}]), people.level > ${int(index)})`,
  );
  return sql`[${joinSql(medians)}]`;
}

/** Figures of how long the way between two steps took, and a histogram of `bins` bins. */
export function conversionSql({ from, to, bins }: { from: number; to: number; bins: number }): Sql {
  const duration = sql`toNullable(people.times[${int(to)}] - people.times[${int(from)}])`;
  const done = sql`people.level >= ${int(to)}`;
  const quantile = (percent: number) =>
    sql`quantileExactInclusiveIf(${int(percent)} / 100)(${duration}, ${done})`;
  const least = sql`minIf(${duration}, ${done})`;
  const greatest = sql`maxIf(${duration}, ${done})`;
  const figures = [
    sql`avgIf(${duration}, ${done})`,
    ...[25, 50, 75, 90].map(quantile),
    sql`toFloat64(${least})`,
    sql`toFloat64(${greatest})`,
  ];
  const width = sql`(intDiv(assumeNotNull(${greatest} - ${least}), ${int(bins)}) + 1)`;
  const durations = sql`groupArrayIf(assumeNotNull(${duration}), ${done})`;
  const binOf = sql`arrayMap(d -> intDiv(d - assumeNotNull(${least}), ${width}), ${durations})`;
  return sql`([${joinSql(figures)}], arrayMap(bin -> countEqual(${binOf}, bin), range(${int(bins)})))`;
}

/** The row's figures as the answer has them. */
export function readConversion(conversion: FunnelRow['conversion'], people: number): TimeToConvert {
  const [figures = [], counts = []] = conversion;
  const [averageMs = null, p25Ms = null, medianMs = null, p75Ms = null, p90Ms = null, least, greatest] =
    figures;
  const first = least ?? 0;
  const width = Math.floor(((greatest ?? 0) - first) / Math.max(1, counts.length)) + 1;
  const histogram = counts.map((count, bin) => ({
    fromMs: first + bin * width,
    toMs: first + (bin + 1) * width,
    people: count,
  }));
  while (histogram.at(-1)?.people === 0) histogram.pop();
  return { people, averageMs, medianMs, p25Ms, p75Ms, p90Ms, histogram };
}
