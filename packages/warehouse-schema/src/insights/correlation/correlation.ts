import { answerQuestion } from '../answer-question.ts';
import { describeFunnel } from '../funnels/define-funnels.ts';
import { type FunnelPlan, planFunnel, stepOf } from '../funnels/funnel-plan.ts';
import { peopleSql, personCapped } from '../funnels/people-sql.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import { describeScope } from '../question/describe.ts';
import { propertySql } from '../question/property.ts';
import { eventChoiceSql } from '../question/where-sql.ts';
import { int, joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { type CorrelationQuestion, correlationSchema } from './correlation-question.ts';

/** Something that people did between the steps, or a value that a property had, and what it goes with. */
export interface Correlate {
  event?: string;
  property?: string;
  value?: string;
  /** Of those who did it: who went on, and who did not. */
  converted: number;
  dropped: number;
  /** The odds of going on with it, by those without. */
  oddsRatio: number;
  /** Its 95 % interval. */
  interval: [low: number, high: number];
  /** The share of those with it who went on, by that of those without; null where there are none, or none of them did. */
  lift: number | null;
  /** Two-sided, of this test alone. */
  p: number;
  /** For the number of tests (Benjamini and Hochberg). */
  adjustedP: number;
  /** `adjustedP` is at most 0.05. */
  significant: boolean;
}

export interface CorrelationResult {
  /** Who did the first of the two steps. */
  people: { converted: number; dropped: number };
  /** How many events and values enough people had. */
  tested: number;
  /** What goes with going on: the greatest plausible difference first. */
  conversion: Correlate[];
  /** What goes with dropping off. */
  dropOff: Correlate[];
}

export const correlation: Insight<CorrelationQuestion, CorrelationResult> = {
  name: 'funnel-correlation',
  schema: correlationSchema,
  define: defineCorrelation,
  run: answerCorrelation,
};

/** What goes with conversion in a funnel, and what with dropping off: see docs/insights.md. @throws InsightError */
export function runFunnelCorrelation(
  access: InsightAccess,
  question: CorrelationQuestion,
): Promise<Answer<CorrelationResult>> {
  return answerQuestion(correlation, access, question);
}

/** A row of `queries/insights/correlation/factors.sql`. */
interface FactorRow {
  kind: 'event' | 'property';
  property: string;
  value: string;
  with_c: number;
  with_d: number;
  odds: number;
  odds_low: number;
  odds_high: number;
  p: number;
  adjusted_p: number;
  tests: number;
  goes_on: number;
}

const SIGNIFICANT = 0.05;
/** A longer value is no category. */
const LONGEST_VALUE = 200;

async function answerCorrelation(run: InsightRun, question: CorrelationQuestion): Promise<CorrelationResult> {
  const plan = planFunnel(question);
  const { from, to } = readSteps(question, plan);
  const people = sqlFile('correlation/people', {
    peopleLevels: peopleSql(plan, run.scope, { withTimes: true }),
    from: int(from),
    to: int(to),
    window: int(plan.windowMs),
  });
  const [totals] = await run.query<{ converted: number; dropped: number; capped: number }>(
    sqlFile('correlation/totals', { people }),
  );
  const { converted, dropped, capped } = totals ?? { converted: 0, dropped: 0, capped: 0 };
  if (capped > 0) run.notice('person_capped', personCapped(capped, plan));
  if (converted + dropped === 0)
    return { people: { converted, dropped }, tested: 0, conversion: [], dropOff: [] };
  const { range } = run.scope;
  const rows = await run.query<FactorRow>(
    sqlFile(
      'correlation/factors',
      {
        people,
        person: run.scope.person,
        factors: factorsSql(question, plan),
        rows: run.scope.rows({ range: { from: range.from, to: range.to + plan.windowMs + 1 } }),
      },
      { converted, dropped, minimum: question.minimum ?? 10, limit: question.limit ?? 20 },
    ),
  );
  const show = (goesOn: boolean) =>
    rows.filter((row) => Boolean(row.goes_on) === goesOn).map((row) => correlate(row, converted, dropped));
  return {
    people: { converted, dropped },
    tested: rows[0]?.tests ?? 0,
    conversion: show(true),
    dropOff: show(false),
  };
}

function readSteps(question: CorrelationQuestion, plan: FunnelPlan): { from: number; to: number } {
  const { events = true, properties = [], exclude } = question;
  if (plan.order === 'unordered') throw invalid('/order', 'an unordered funnel has no times of its steps');
  const to = question.to === undefined ? plan.steps.length : stepOf(question, question.to, '/to');
  const from = stepOf(question, question.from ?? 1, '/from');
  if (to <= from) throw invalid('/to', 'must be a later step than from');
  if (!events && properties.length === 0)
    throw invalid('/properties', 'is required where events are not looked at');
  if (!events && exclude) throw invalid('/exclude', 'no event is looked at');
  return { from, to };
}

/** What a row says of its person: its event, unless it is of a step, and the values that it has. */
function factorsSql(
  { events = true, exclude = [], properties = [] }: CorrelationQuestion,
  plan: FunnelPlan,
): Sql {
  const left = [
    ...plan.steps.map(({ choice, pointer }) => eventChoiceSql(choice, pointer)),
    ...(exclude.length > 0 ? [sql`events.event IN ${param('excluded', 'Array(String)', exclude)}`] : []),
  ];
  const factors = [
    ...(events ? [sql`('event', '', if(${joinSql(left, ' OR ')}, '', toString(events.event)))`] : []),
    ...properties.map(
      (name, index) =>
        sql`('property', ${param('name', 'String', name)}, ${propertySql(name, `/properties/${index}`).text})`,
    ),
  ];
  return sql`arrayFilter(f -> f.3 != '' AND length(f.3) <= ${int(LONGEST_VALUE)}, [${joinSql(factors)}])`;
}

function correlate(row: FactorRow, converted: number, dropped: number): Correlate {
  const others = { converted: converted - row.with_c, dropped: dropped - row.with_d };
  const share = (one: { converted: number; dropped: number }) =>
    one.converted / (one.converted + one.dropped);
  return {
    ...(row.kind === 'event' ? { event: row.value } : { property: row.property, value: row.value }),
    converted: row.with_c,
    dropped: row.with_d,
    oddsRatio: row.odds,
    interval: [row.odds_low, row.odds_high],
    lift:
      others.converted === 0 ? null : share({ converted: row.with_c, dropped: row.with_d }) / share(others),
    p: row.p,
    adjustedP: row.adjusted_p,
    significant: row.adjusted_p <= SIGNIFICANT,
  };
}

function defineCorrelation(question: CorrelationQuestion): string {
  const { from = 1, to, properties = [], minimum = 10 } = question;
  const last = to === undefined ? 'the last step' : `step ${to}`;
  const looked = [
    ...(question.events === false ? [] : ['each event']),
    ...properties.map((name) => `each value of ${name}`),
  ];
  return [
    `Of people who did step ${from} of a funnel: those who went on to ${last}, and those who did not.`,
    `For ${looked.join(', ')} that at least ${minimum} of them had between the two steps, or until the window’s end: how many of either, the odds ratio with its 95 % interval, and a two-sided test, adjusted for the number of tests (Benjamini and Hochberg).`,
    `The funnel: ${describeFunnel(question)}`,
    describeScope(question),
  ].join(' ');
}
