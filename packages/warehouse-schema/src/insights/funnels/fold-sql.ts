import { int, joinSql, type Sql, sql } from '../sql/sql.ts';
import type { FunnelPlan } from './funnel-plan.ts';

/** How a chain gets to a step: from the chain to the step `from`, where `when` holds. */
interface Way {
  from: number;
  when: Sql;
  chain: Sql;
}

/**
 * One step of the fold over a person's rows. The state `a` holds the furthest chain so far (`a.1`, the first that got
 * so far), for each step k the latest chain that reached it (`a.(k+1)`, its times) and, with exclusions, which of them
 * this chain has met and not yet left behind (`a.(n+k+1)`, bits); of a strict funnel then the same for the latest chains
 * that reached the steps, since those that no row may come after are forgotten. The latest chain is enough: each of its times is the
 * latest that any chain to this step can have, so it is within every window that another is within.
 *
 * `light`: `x` is a row (time, bits of its steps, bits of its exclusions). All parts read the old state, so that a row
 * is one step of a chain. `grouped`: `x` is a moment (time, for each step how far a chain that ended with the one
 * before can get by this moment's rows, exclusions, number of rows).
 */
export function foldLambda(plan: FunnelPlan, form: 'light' | 'grouped', withExclusions: boolean): Sql {
  const count = plan.steps.length;
  const exclusions = withExclusions ? plan.exclusions : [];
  const chain = (k: number) => sql`a.${int(k + 1)}`;
  const marks = (k: number) => (k === 0 ? sql`toUInt32(0)` : sql`a.${int(count + k + 1)}`);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);

  /** Whether the chain to step j may go on at `x`, to step k. */
  function goesOn(j: number, k: number): Sql {
    const conditions = [sql`notEmpty(${chain(j)})`, sql`x.1 - ${chain(j)}[1] <= ${int(plan.windowMs)}`];
    const within = plan.steps[j]?.withinMs;
    if (within !== undefined) conditions.push(sql`x.1 - ${chain(j)}[-1] <= ${int(within)}`);
    const ended = exclusions.reduce(
      (bits, { before }, e) => (before > j && before <= k ? bits | (1 << e) : bits),
      0,
    );
    if (ended !== 0) conditions.push(sql`bitAnd(${marks(j)}, ${int(ended)}) = 0`);
    return joinSql(conditions, ' AND ');
  }

  /** From which chains step k is reached at `x`, the latest first. */
  function ways(k: number): Way[] {
    if (form === 'light') {
      const when = sql`bitTest(x.2, ${int(k - 1)})`;
      if (k === 1) return [{ from: 0, when, chain: sql`[x.1]` }];
      return [
        {
          from: k - 1,
          when: sql`(${when} AND ${goesOn(k - 1, k)})`,
          chain: sql`arrayPushBack(${chain(k - 1)}, x.1)`,
        },
      ];
    }
    return Array.from({ length: k }, (_, j) => {
      const reached = sql`x.2[${int(j + 1)}] >= ${int(k)}`;
      if (j === 0) return { from: 0, when: sql`(${reached})`, chain: sql`arrayWithConstant(${int(k)}, x.1)` };
      const added = sql`arrayConcat(${chain(j)}, arrayWithConstant(${int(k - j)}, x.1))`;
      return { from: j, when: sql`(${reached} AND ${goesOn(j, k)})`, chain: added };
    });
  }

  /** Of a strict funnel only what no row of this moment comes after: those from a chain must have used every row. */
  function lasting(k: number) {
    if (plan.order !== 'strict' || form === 'light') return ways(k);
    return ways(k).map((way) =>
      way.from === 0 ? way : { ...way, when: sql`(${way.when} AND x.4 = ${int(k - way.from)})` },
    );
  }

  const best = sql`multiIf(${joinSql(
    [...numbers]
      .reverse()
      .flatMap((k) => ways(k).map((way) => sql`length(a.1) < ${int(k)} AND ${way.when}, ${way.chain}`)),
  )}, a.1)`;
  const none = sql`emptyArrayInt64()`;
  const isStrict = plan.order === 'strict';
  /** The chain after `x` that the first of the ways leads to. */
  const chainBy = (from: Way[], otherwise: Sql) =>
    sql`multiIf(${joinSql(from.map((way) => sql`${way.when}, ${way.chain}`))}, ${otherwise})`;
  const chains = numbers.map((k) => chainBy(lasting(k), isStrict ? none : chain(k)));
  if (!withExclusions) return sql`(${joinSql([best, ...chains])})`;

  /** The exclusions that the chain `now` to step k has met after `x`; `before`: those that it had, where it is no new one. */
  function marksOf(k: number, from: Way[], now: Sql, before: Sql): Sql {
    const carried = sql`multiIf(${joinSql(from.map((way) => sql`${way.when}, ${marks(way.from)}`))}, ${before})`;
    const met = exclusions.flatMap(({ after, before: last }, e) =>
      after <= k && k < last
        ? [
            sql`if(bitTest(x.3, ${int(e)}) AND notEmpty(${now}) AND ${now}[${int(after)}] < x.1 AND x.1 - ${now}[1] <= ${int(plan.windowMs)}, toUInt32(${int(1 << e)}), toUInt32(0))`,
          ]
        : [],
    );
    return met.reduce((bits, bit) => sql`bitOr(${bits}, ${bit})`, carried);
  }
  const marked = numbers.map((k) =>
    marksOf(k, lasting(k), chains[k - 1] ?? none, isStrict ? sql`toUInt32(0)` : marks(k)),
  );
  if (!isStrict) return sql`(${joinSql([best, ...chains, ...marked])})`;

  // What no row may come after is still a try, and the last one judges who got no further.
  const last = (k: number) => sql`a.${int(2 * count + k + 1)}`;
  const lastMarks = (k: number) => sql`a.${int(3 * count + k + 1)}`;
  const lasts = numbers.map((k) => chainBy(ways(k), last(k)));
  const lastMarked = numbers.map((k) => marksOf(k, ways(k), lasts[k - 1] ?? none, lastMarks(k)));
  return sql`(${joinSql([best, ...chains, ...marked, ...lasts, ...lastMarked])})`;
}

/** Where in the state the latest chain to step k stands, and where the exclusions that it has met. */
export function triesOf(plan: FunnelPlan, k: number): { chain: number; marks: number } {
  const count = plan.steps.length;
  const before = plan.order === 'strict' ? 2 * count : 0;
  return { chain: before + k + 1, marks: before + count + k + 1 };
}

/** The state before the first row. */
export function foldStart(plan: FunnelPlan, withExclusions: boolean): Sql {
  const none = sql`emptyArrayInt64()`;
  const chains = plan.steps.map(() => none);
  if (!withExclusions) return sql`(${joinSql([none, ...chains])})`;
  const tries = [...chains, ...plan.steps.map(() => sql`toUInt32(0)`)];
  return sql`(${joinSql([none, ...tries, ...(plan.order === 'strict' ? tries : [])])})`;
}

/**
 * A person's rows by moment, as `foldLambda` takes them. By Hall's theorem the steps j+1 to k can have rows of their own
 * unless some set of them is hit by fewer rows than it has steps, so the way ends before the last step of such a set.
 */
export function momentsOf(rows: Sql, count: number): Sql {
  const reach = Array.from({ length: count }, (_, j) => {
    const within = sql`arrayFilter(s -> bitAnd(s, ${int(2 ** j - 1)}) = 0, lacking)`;
    return sql`toUInt8(arrayMin(arrayPushBack(arrayMap(s -> toUInt8(floor(log2(s))), ${within}), toUInt8(${int(count)}))))`;
  });
  const lacking = sql`arrayFilter(s -> arrayCount(r -> bitAnd(r.2, s) != 0, moment) < bitCount(s), range(toUInt32(1), toUInt32(${int(2 ** count)})))`;
  const moment = sql`(
            moment[1].1,
            arrayMap(lacking -> [${joinSql(reach)}], [${lacking}])[1],
            arrayReduce('groupBitOr', arrayMap(r -> r.3, moment)),
            length(moment)
        )`;
  return sql`arrayMap(moment -> ${moment}, arraySplit((r, passed) -> passed != 0, ${rows}, arrayDifference(arrayMap(r -> r.1, ${rows}))))`;
}
