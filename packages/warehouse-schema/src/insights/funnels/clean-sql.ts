import { int, joinSql, type Sql, sql } from '../sql/sql.ts';
import type { FunnelPlan } from './funnel-plan.ts';
import { NEVER_MS } from './levels-sql.ts';

/** What `cleanSql` finds: for each step when its latest clean chain began, and which exclusions that has met (bits). */
interface CleanChains {
  fold: Sql;
  /** Of each step, over a column `column` that holds the fold. */
  begins(column: Sql): Sql;
  marks(column: Sql): Sql;
}

/**
 * The fold with exclusions of `fold-sql.ts`, for rows of which no two of one moment could be taken in several orders, and
 * where no step has a window of its own: of a chain it holds when it began, what it has met, and its times at the steps
 * from which exclusions count, as plain numbers.
 */
export function cleanSql(plan: FunnelPlan, rows: Sql): CleanChains {
  const { steps, exclusions, windowMs } = plan;
  const count = steps.length;
  const numbers = steps.map((_, index) => index + 1);
  const afters = [...new Set(exclusions.map(({ after }) => after))].filter((after) => after > 1);
  const begin = (k: number) => sql`a.${int(k)}`;
  const marks = (k: number) => (k === 0 ? sql`toUInt32(0)` : sql`a.${int(count + k)}`);
  const at = (k: number, after: number) =>
    after === 1 ? begin(k) : sql`a.${int(2 * count + afters.indexOf(after) * count + k)}`;

  const reaches = (k: number): Sql => {
    const is = sql`bitTest(m, ${int(k - 1)})`;
    if (k === 1) return is;
    const ended = exclusions.reduce((bits, { before }, e) => (before === k ? bits | (1 << e) : bits), 0);
    const clean = ended === 0 ? sql`` : sql` AND bitAnd(${marks(k - 1)}, ${int(ended)}) = 0`;
    return sql`(${is} AND t - ${begin(k - 1)} <= ${int(windowMs)}${clean})`;
  };
  const newBegin = (k: number) => sql`if(${reaches(k)}, ${k === 1 ? sql`t` : begin(k - 1)}, ${begin(k)})`;
  const newAt = (k: number, after: number): Sql => {
    if (after === 1) return newBegin(k);
    if (k < after) return at(k, after);
    return sql`if(${reaches(k)}, ${k === after ? sql`t` : at(k - 1, after)}, ${at(k, after)})`;
  };
  const newMarks = (k: number): Sql =>
    exclusions.reduce(
      (bits, { after, before }, e) =>
        after <= k && k < before
          ? sql`bitOr(${bits}, if(bitTest(e, ${int(e)}) AND ${newAt(k, after)} < t AND t - ${newBegin(k)} <= ${int(windowMs)}, toUInt32(${int(1 << e)}), toUInt32(0)))`
          : bits,
      sql`if(${reaches(k)}, ${marks(k - 1)}, ${marks(k)})`,
    );

  const never = sql`toInt64(${int(NEVER_MS)})`;
  const times = afters.flatMap((after) => numbers.map((k) => newAt(k, after)));
  const state = [...numbers.map(newBegin), ...numbers.map(newMarks), ...times];
  const start = [
    ...numbers.map(() => never),
    ...numbers.map(() => sql`toUInt32(0)`),
    ...times.map(() => never),
  ];
  const parts = (column: Sql, from: number) =>
    sql`[${joinSql(numbers.map((k) => sql`${column}.${int(from + k)}`))}]`;
  return {
    fold: sql`arrayFold(
            (a, t, m, e) -> (${joinSql(state)}),
            arrayMap(r -> r.1, ${rows}),
            arrayMap(r -> r.2, ${rows}),
            arrayMap(r -> r.3, ${rows}),
            (${joinSql(start)})
        )`,
    begins: (column) => parts(column, 0),
    marks: (column) => parts(column, count),
  };
}
