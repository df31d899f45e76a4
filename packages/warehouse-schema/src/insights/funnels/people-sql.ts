import { propertySql } from '../question/property.ts';
import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import type { Scope } from '../scope.ts';
import { int, joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { cleanSql } from './clean-sql.ts';
import { foldLambda, foldStart, momentsOf, triesOf } from './fold-sql.ts';
import type { FunnelPlan } from './funnel-plan.ts';
import { levelsSql, lightSql, NEVER_MS, needsNoChains, withoutChains } from './levels-sql.ts';

/** How many rows of one person a funnel looks at: exclusions make each of them dearer. */
export function maxRowsOfPerson({ exclusions = [] }: { exclusions?: readonly unknown[] }): number {
  return exclusions.length > 0 ? 2_000 : 5_000;
}

/** What a notice says where people had more rows. */
export function personCapped(people: number, plan: FunnelPlan): string {
  return `${people} people have more than ${maxRowsOfPerson(plan)} rows of this funnel; of each, only the first so many were looked at.`;
}

/** Whose value of a property a person has. */
export interface Touch {
  property: string;
  attribution: 'first' | 'last' | 'step';
  /** Of the plan, from 1. */
  step: number;
}

const TIME = sql`toInt64(toUnixTimestamp64Milli(events.timestamp))`;

/**
 * A query of each person who entered: `person`, `value` (of the touch), `level` (the furthest step, 0 if an exclusion
 * was met), `times` (of the chain that got so far first, if `withTimes`), `excluded`, `capped`. `person`: what people are told
 * apart by.
 */
export function peopleSql(
  plan: FunnelPlan,
  scope: Scope,
  options: { withTimes: boolean; touch?: Touch; person?: Sql },
): Sql {
  const { range } = scope;
  const { touch, withTimes, person = scope.person } = options;
  const inEntry = sql`events.timestamp < fromUnixTimestamp64Milli(${param('entry_end', 'Int64', range.to)}, 'UTC')`;
  const matches = plan.steps.map(({ choice, pointer }) => eventChoiceSql(choice, pointer));
  const unordered = plan.order === 'unordered';
  const steps = matches.map((match, index) =>
    index === 0 && !unordered ? sql`(${match} AND ${inEntry})` : match,
  );
  const anyStep = joinSql(steps, ' OR ');
  const excluding = plan.exclusions.map(({ choice, pointer }) => eventChoiceSql(choice, pointer));
  const choices = [...plan.steps, ...plan.exclusions].map(({ choice }) => choice);
  const strict = plan.order === 'strict';
  const value = touch && propertySql(touch.property, '/breakdown/property').text;
  const byStep = touch?.attribution === 'step';
  const ordinal = sql`(events.timestamp, events.message_id)`;
  const touched =
    value === undefined || byStep
      ? sql`''`
      : touch?.attribution === 'last'
        ? sql`argMaxIf(${value}, ${ordinal}, ${anyStep})`
        : sql`argMinIf(${value}, ${ordinal}, ${anyStep})`;
  const rows = scope.rows({
    range: { from: range.from, to: range.to + plan.windowMs + 1 },
    events: strict ? sql`true` : anyEventSql(choices),
  });
  const common = { person, touch: touched, time: TIME, rows };

  if (needsNoChains(plan) && !withTimes && !byStep) {
    const packedRows = sqlFile('funnels/packed-rows', { ...common, mask: bits(steps), any: anyStep });
    return levelsSql(plan, packedRows, maxRowsOfPerson(plan));
  }
  const rowsOfPeople = sqlFile('funnels/rows', {
    ...common,
    mask: bits(steps),
    excluding: bits(excluding),
    extra: byStep && value ? sql`, ${value}` : sql``,
    any: strict ? sql`true` : joinSql([...steps, ...excluding], ' OR '),
    entry: unordered ? sql`(${anyStep}) AND ${inEntry}` : (steps[0] ?? sql`false`),
  });
  if (unordered) return unorderedSql(plan, rowsOfPeople, range.to);
  const isLight = withoutChains(plan) && !withTimes && !byStep;
  return foldedSql(plan, rowsOfPeople, { isLight, valueOfStep: byStep ? touch?.step : undefined });
}

function bits(conditions: Sql[]): Sql {
  const set = conditions.map((condition, index) => sql`if(${condition}, ${int(2 ** index)}, 0)`);
  return set.length === 0 ? sql`toUInt32(0)` : sql`toUInt32(${joinSql(set, ' + ')})`;
}

/** `isLight`: no times are asked for, so that chains are needed only where rows of one moment are of several steps. */
function foldedSql(
  plan: FunnelPlan,
  rowsOfPeople: Sql,
  { isLight, valueOfStep }: { isLight: boolean; valueOfStep: number | undefined },
): Sql {
  const count = plan.steps.length;
  const excludes = plan.exclusions.length > 0;
  const mayTie = plan.order === 'strict' || !plan.exclusive || excludes;
  const none = sql`arrayResize(rows, 0)`;
  const fold = (withExclusions: boolean): Sql => {
    const start = foldStart(plan, withExclusions);
    const light = foldLambda(plan, 'light', withExclusions);
    if (!mayTie) return sql`arrayFold((a, x) -> ${light}, rows, ${start})`;
    const grouped = foldLambda(plan, 'grouped', withExclusions);
    const moments = momentsOf(sql`if(tied, rows, ${none})`, count);
    if (isLight) return sql`arrayFold((a, x) -> ${grouped}, ${moments}, ${start})`;
    return sql`if(
            tied,
            arrayFold((a, x) -> ${grouped}, ${moments}, ${start}),
            arrayFold((a, x) -> ${light}, if(tied, ${none}, rows), ${start})
        )`;
  };
  const untied = sql`if(tied, ${none}, rows)`;
  const light = cleanSql(plan, untied);
  const reached = isLight
    ? sql`if(tied, toUInt8(length(furthest.1)), furthest_light.1)`
    : sql`length(furthest.1)`;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const clean = sql`[${joinSql(numbers.map((k) => sql`clean.${int(triesOf(plan, k).chain)}`))}][${reached}]`;
  const marks = sql`[${joinSql(numbers.map((k) => sql`clean.${int(triesOf(plan, k).marks)}`))}][${reached}]`;
  const judged = (begun: Sql, met: Sql) => sql`(NOT ${begun} OR ${met} != 0)`;
  const lightBegun = sql`(${light.begins(sql`clean_light`)}[${reached}] > ${int(NEVER_MS)})`;
  const lightMarks = sql`${light.marks(sql`clean_light`)}[${reached}]`;
  const byChains = judged(sql`notEmpty(${clean})`, marks);
  const judgement = isLight ? sql`if(tied, ${byChains}, ${judged(lightBegun, lightMarks)})` : byChains;
  const excluded = excludes ? sql`${reached} > 0 AND ${judgement}` : sql`false`;
  const lightFolds = sql`,
        ${lightSql(plan, sql`arrayMap(r -> r.1, ${untied})`, sql`arrayMap(r -> r.2, ${untied})`)} AS furthest_light,
        ${light.fold} AS clean_light`;
  const several = sql`(bitCount(x.2) > 1 OR (x.2 != 0 AND x.3 != 0) OR bitCount(y.2) > 1 OR (y.2 != 0 AND y.3 != 0))`;
  const apart = sql`arrayPopFront(arrayDifference(arrayMap(r -> r.1, rows)))`;
  // In a strict funnel, of rows that are no step one after the other the first and the last break what the rest would.
  const telling =
    plan.order === 'strict'
      ? sql`arrayFilter((r, before, after) -> r.2 != 0 OR r.3 != 0 OR before.2 != 0 OR after.2 != 0, every, arrayShiftRight(every, 1), arrayShiftLeft(every, 1))`
      : sql`every`;
  return sqlFile(
    'funnels/people-fold',
    {
      rowsOfPeople,
      telling,
      kept: int(2 * count),
      thin:
        plan.steps.every(({ withinMs }) => withinMs === undefined) && plan.order !== 'strict'
          ? sql`true`
          : sql`false`,
      tied:
        plan.order === 'strict'
          ? sql`arrayExists(d -> d = 0, ${apart})`
          : sql`arrayExists((d, x, y) -> d = 0 AND ${several}, ${apart}, arrayPopFront(rows), arrayPopBack(rows))`,
      folds: excludes
        ? sql`${fold(false)} AS furthest,\n        ${fold(true)} AS clean${isLight ? lightFolds : sql``}`
        : sql`${fold(false)} AS furthest`,
      excluded,
      level: excludes ? sql`if(excluded, 0, ${reached})` : reached,
      times: isLight
        ? sql`emptyArrayInt64()`
        : excludes
          ? sql`if(${reached} = ${int(count)}, clean.1, ${clean})`
          : sql`furthest.1`,
      value:
        valueOfStep === undefined
          ? sql`touched`
          : sql`arrayFirst(r -> r.1 = times[${int(valueOfStep)}] AND bitTest(r.2, ${int(valueOfStep - 1)}), rows).4`,
    },
    { cap: maxRowsOfPerson(plan), thin_above: maxRowsOfPerson(plan) },
  );
}

function unorderedSql(plan: FunnelPlan, rowsOfPeople: Sql, entryEnd: number): Sql {
  const count = plan.steps.length;
  const all = Array.from({ length: 2 ** count - 1 }, (_, index) => index + 1);
  const sets = plan.exclusive ? plan.steps.map((_, index) => 2 ** index) : all;
  const found = (horizon: Sql): Sql => {
    const lacking = sql`arrayMap((times, steps) -> bitCount(steps) - arrayCount(t -> t - x.1 <= ${horizon}, times), next, ${param('sets', 'Array(UInt32)', sets)})`;
    return plan.exclusive
      ? sql`${int(count)} - arraySum(${lacking})`
      : sql`${int(count)} - greatest(0, arrayMax(${lacking}))`;
  };
  const window = int(plan.windowMs);
  const common = { rowsOfPeople, found: found(window) };
  const values = { cap: maxRowsOfPerson(plan), sets, entry_end: entryEnd };
  if (plan.exclusions.length === 0) return sqlFile('funnels/people-unordered', common, values);
  return sqlFile(
    'funnels/people-unordered-exclusions',
    { ...common, clean: found(sql`least(${window}, later - x.1)`), window, count: int(count) },
    values,
  );
}
