import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import { int, joinSql, param, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf, showIntervals } from '../time/intervals.ts';
import { conversionSql, mediansSql, readConversion } from './conversion-sql.ts';
import { defineFunnels } from './define-funnels.ts';
import { type FunnelPlan, planFunnel, planOptionalSteps, stepOf } from './funnel-plan.ts';
import { type FunnelsQuestion, funnelsSchema } from './funnel-question.ts';
import type { FunnelGroup, FunnelInterval, FunnelRow, FunnelStep, FunnelsResult } from './funnel-result.ts';
import { peopleSql, personCapped, type Touch } from './people-sql.ts';

export const funnels: Insight<FunnelsQuestion, FunnelsResult> = {
  name: 'funnels',
  schema: funnelsSchema,
  define: defineFunnels,
  run: answerFunnels,
};

/** How many people went from step to step: see docs/insights.md. @throws InsightError */
export function runFunnels(access: InsightAccess, question: FunnelsQuestion): Promise<Answer<FunnelsResult>> {
  return answerQuestion(funnels, access, question);
}

interface Asked {
  question: FunnelsQuestion;
  touch: Touch | undefined;
  /** The values of the breakdown that stand apart. */
  top: string[];
}

async function answerFunnels(run: InsightRun, question: FunnelsQuestion): Promise<FunnelsResult> {
  const plan = planFunnel(question);
  const conversion = readTimeToConvert(question, plan);
  const touch = readTouch(question);
  const asked = { question, touch, top: await topValues(run, question, plan, touch) };
  const rows = await countFunnel(run, asked, plan, conversion);
  const optional = new Map<number, FunnelRow[]>();
  const { interval: _, ...wholeRange } = question;
  for (const [index, optionalPlan] of planOptionalSteps(question))
    optional.set(index, await countFunnel(run, { ...asked, question: wholeRange }, optionalPlan, undefined));

  const totals = rows.filter(({ interval_start }) => interval_start === 0);
  const capped = totals.reduce((sum, row) => sum + row.capped_people, 0);
  if (capped > 0) run.notice('person_capped', personCapped(capped, plan));
  const same = (one: FunnelRow, other: FunnelRow) => one.other === other.other && one.shown === other.shown;
  const rank = (row: FunnelRow) => (row.other ? Number.POSITIVE_INFINITY : asked.top.indexOf(row.shown));
  const found =
    totals.length === 0 && !question.breakdown ? [emptyRow(plan)] : totals.sort((a, b) => rank(a) - rank(b));
  const groups = found.map((row): FunnelGroup => {
    const done = (index: number) =>
      optional
        .get(index)
        ?.find((one) => same(one, row))
        ?.people.at(-1) ?? 0;
    return {
      ...(question.breakdown && {
        breakdown: { value: row.shown === '' ? null : row.shown, other: Boolean(row.other) },
      }),
      steps: showSteps(question, row, done),
      excludedPeople: row.excluded_people,
      ...(conversion && {
        timeToConvert: readConversion(row.conversion, row.people[conversion.to - 1] ?? 0),
      }),
      ...(question.interval && {
        intervals: showEntries(
          run,
          question,
          plan,
          rows.filter((one) => one.interval_start !== 0 && same(one, row)),
        ),
      }),
    };
  });
  return { groups };
}

async function countFunnel(
  run: InsightRun,
  { question, touch, top }: Asked,
  plan: FunnelPlan,
  conversion: { from: number; to: number; bins: number } | undefined,
): Promise<FunnelRow[]> {
  const { interval } = question;
  const withTimes = interval !== undefined || conversion !== undefined;
  const levels = plan.steps.map((_, index) => sql`countIf(people.level > ${int(index)})`);
  return run.query<FunnelRow>(
    sqlFile('funnels/funnel', {
      peopleLevels: peopleSql(plan, run.scope, { withTimes, ...(touch && { touch }) }),
      other: touch ? sql`NOT has(${param('top', 'Array(String)', top)}, people.value)` : sql`false`,
      counts: sql`[${joinSql(levels)}]`,
      medians: conversion ? mediansSql(plan.steps.length) : sql`[]`,
      conversion: conversion ? conversionSql(conversion) : sql`[]`,
      intervalStart: interval
        ? sql`roundDown(people.times[1], ${param('starts', 'Array(Int64)', entryIntervals(run, question).starts)})`
        : sql`toInt64(0)`,
      grouping: interval
        ? sql`GROUPING SETS ((other, shown, interval_start), (other, shown))`
        : sql`other, shown, interval_start`,
    }),
  );
}

async function topValues(
  run: InsightRun,
  { breakdown }: FunnelsQuestion,
  plan: FunnelPlan,
  touch: Touch | undefined,
): Promise<string[]> {
  if (!breakdown || !touch) return [];
  const peopleLevels = peopleSql(plan, run.scope, { withTimes: false, touch });
  const limit = { limit: breakdown.limit ?? 10 };
  const rows = await run.query<{ shown: string }>(sqlFile('funnels/top-values', { peopleLevels }, limit));
  return rows.map(({ shown }) => shown);
}

function readTouch(question: FunnelsQuestion): Touch | undefined {
  const { breakdown } = question;
  if (!breakdown) return undefined;
  const { attribution = 'first', step, property } = breakdown;
  if (step !== undefined && attribution !== 'step')
    throw invalid('/breakdown/step', 'belongs to the attribution step');
  if (attribution === 'step' && question.order === 'unordered')
    throw invalid('/breakdown/attribution', 'an unordered funnel has no rows of a step');
  return { property, attribution, step: stepOf(question, step ?? 1, '/breakdown/step') };
}

function readTimeToConvert(question: FunnelsQuestion, plan: FunnelPlan) {
  const asked = question.timeToConvert;
  if (!asked) return undefined;
  if (plan.order === 'unordered')
    throw invalid('/timeToConvert', 'an unordered funnel has no times of its steps');
  const to = asked.to === undefined ? plan.steps.length : stepOf(question, asked.to, '/timeToConvert/to');
  const from = stepOf(question, asked.from ?? 1, '/timeToConvert/from');
  if (to <= from) throw invalid('/timeToConvert/to', 'must be a later step than from');
  return { from, to, bins: asked.bins ?? 20 };
}

function showSteps(
  question: FunnelsQuestion,
  row: FunnelRow,
  optional: (index: number) => number,
): FunnelStep[] {
  let number = 0;
  return question.steps.map((step, index) => {
    const people = step.optional ? optional(index) : (row.people[number] ?? 0);
    const [previous, first] = [row.people[number - 1], row.people[0]];
    const median = row.medians[number];
    if (!step.optional) number += 1;
    return {
      name: step.name ?? [step.event ?? 'any event'].flat().join(', '),
      optional: step.optional ?? false,
      people,
      fromPrevious: previous === undefined ? null : ratio(people, previous),
      fromFirst: ratio(people, first ?? 0),
      ...(question.timeToConvert && !step.optional && { medianMs: median ?? null }),
    };
  });
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function entryIntervals({ scope }: InsightRun, question: FunnelsQuestion) {
  return intervalsOf(scope.range, question.interval ?? 'day', scope.zone, scope.weekStart, '/interval');
}

/** By when people entered: what they did later counts for that interval. */
function showEntries(
  run: InsightRun,
  question: FunnelsQuestion,
  plan: FunnelPlan,
  rows: FunnelRow[],
): FunnelInterval[] {
  const intervals = entryIntervals(run, question);
  const { range, zone } = run.scope;
  return showIntervals(intervals, range, zone, run.now).map((interval, index) => {
    const end = Math.min(intervals.starts[index + 1] ?? intervals.end, range.to);
    const row = rows.find((one) => one.interval_start === intervals.starts[index]);
    return {
      ...interval,
      maturing: end + plan.windowMs > run.now,
      people: row?.people ?? plan.steps.map(() => 0),
    };
  });
}

function emptyRow({ steps }: FunnelPlan): FunnelRow {
  const people = steps.map(() => 0);
  return {
    other: 0,
    shown: '',
    interval_start: 0,
    people,
    excluded_people: 0,
    capped_people: 0,
    medians: [],
    conversion: [],
  };
}
