import { int, joinSql, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { foldLambda, foldStart, momentsOf } from './fold-sql.ts';
import type { FunnelPlan } from './funnel-plan.ts';

/** Whether how far people got, without when, can be found by when chains began, without the chains. */
export function withoutChains({ order, steps }: FunnelPlan): boolean {
  return order === 'ordered' && steps.every(({ withinMs }) => withinMs === undefined);
}

/** Whether the same holds, and rows fit into one number each. */
export function needsNoChains(plan: FunnelPlan): boolean {
  return withoutChains(plan) && plan.exclusions.length === 0 && plan.steps.length <= 12;
}

/** Each person's furthest step, out of `funnels/packed-rows`; of more than `cap` rows of a person the first count. */
export function levelsSql(plan: FunnelPlan, packedRows: Sql, cap: number): Sql {
  const numbers = plan.steps.map((_, index) => index);
  if (plan.exclusive) {
    return sqlFile('funnels/people-window', {
      packedRows,
      window: int(plan.windowMs),
      conditions: joinSql(numbers.map((bit) => sql`arrayMap(r -> bitTest(r, ${int(bit)}), packed)`)),
    });
  }
  const start = foldStart(plan, false);
  return sqlFile(
    'funnels/people-levels',
    {
      packedRows,
      light: lightSql(
        plan,
        sql`arrayMap(r -> bitShiftRight(r, 12), untied)`,
        sql`arrayMap(r -> toUInt16(bitAnd(r, 4095)), untied)`,
      ),
      grouped: sql`arrayFold((a, x) -> ${foldLambda(plan, 'grouped', false)}, ${momentsOf(sql`rows`, plan.steps.length)}, ${start})`,
      kept_of_run: int(2 * plan.steps.length),
    },
    { cap, thin_above: cap },
  );
}

/** So long ago that no window reaches back to it. */
export const NEVER_MS = -(2 ** 50);

/**
 * The state `a` holds the furthest step so far (`a.1`) and for each step but the last when the latest chain that reached
 * it began (`a.(k+1)`). All parts read the old state, so that a row is one step of a chain. `times` and `masks`: of the
 * rows, in order.
 */
export function lightSql({ steps, windowMs }: FunnelPlan, times: Sql, masks: Sql): Sql {
  const numbers = steps.map((_, index) => index + 1);
  const reaches = (k: number): Sql => {
    const is = sql`bitTest(m, ${int(k - 1)})`;
    return k === 1 ? is : sql`(${is} AND t - a.${int(k)} <= ${int(windowMs)})`;
  };
  const levels = [...numbers]
    .reverse()
    .map((k) => sql`a.1 < ${int(k)} AND ${reaches(k)}, toUInt8(${int(k)})`);
  const begins = numbers
    .slice(0, -1)
    .map((k) => sql`if(${reaches(k)}, ${k === 1 ? sql`t` : sql`a.${int(k)}`}, a.${int(k + 1)})`);
  const never = begins.map(() => sql`toInt64(${int(NEVER_MS)})`);
  return sql`arrayFold(
        (a, t, m) -> (${joinSql([sql`multiIf(${joinSql(levels)}, a.1)`, ...begins])}),
        ${times},
        ${masks},
        (${joinSql([sql`toUInt8(0)`, ...never])})
    )`;
}
