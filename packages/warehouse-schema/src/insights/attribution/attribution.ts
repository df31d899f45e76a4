import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { anyEventSql } from '../question/where-sql.ts';
import { param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import {
  type AttributionPlan,
  type AttributionQuestion,
  attributionSchema,
  planAttribution,
} from './attribution-question.ts';
import {
  type AttributionResult,
  type FigureRow,
  type StandingChannel,
  showAttribution,
} from './attribution-result.ts';
import { defineAttribution } from './define-attribution.ts';
import { removalEffects } from './markov.ts';

export const attribution: Insight<AttributionQuestion, AttributionResult> = {
  name: 'attribution',
  schema: attributionSchema,
  define: defineAttribution,
  run: answerAttribution,
};

/** How many touches, and how many conversions, of one person are looked at. */
const CAP = 500;

/** The targets of the rows of `figures.sql` that are no steps from one channel to the next. */
const TOUCHES = 252;
const CREDIT = 253;

/** What conversions owe to the touches before them: see docs/insights.md. @throws InsightError */
export function runAttribution(
  access: InsightAccess,
  question: AttributionQuestion,
): Promise<Answer<AttributionResult>> {
  return answerQuestion(attribution, access, question);
}

async function answerAttribution(run: InsightRun, question: AttributionQuestion): Promise<AttributionResult> {
  const plan = planAttribution(question);
  const rows = scopeOf(run, question, plan);
  const { figures, standing } = await readFigures(run, plan, rows);
  const credits = figures.filter(({ target }) => target === CREDIT);
  const transitions = figures.filter(({ target }) => target !== CREDIT && target !== TOUCHES);

  const capped = credits.find(({ source }) => source === 0)?.capped_people ?? 0;
  if (capped > 0) {
    run.notice(
      'person_capped',
      `${capped} people have more than ${CAP} touches or conversions; of each, only the first so many were looked at.`,
    );
  }
  const highest = Math.max(1, ...standing.map(({ number }) => number));
  const effects = removalEffects(transitions, highest);
  return showAttribution(credits, standing, effects, question.conversion.property !== undefined);
}

/** The figures, and the channels that stand apart in them, in the order of the answer: by touches. */
async function readFigures(run: InsightRun, plan: AttributionPlan, rows: Sql) {
  const { rules, channel, isTouch: touch, limit } = plan;
  const ask = async (names: readonly string[], number: Sql) => {
    const direct = plan.direct.map((name) => names.indexOf(name) + 2).filter((found) => found > 1);
    const figures = await run.query<FigureRow>(
      sqlFile(
        'attribution/figures',
        { paths: pathsSql(run, plan, rows, number) },
        { direct, half_life: plan.halfLifeMs },
      ),
    );
    return { figures, standing: rankChannels(figures, names) };
  };
  if (rules !== undefined && rules.names.length <= limit) {
    // All can stand apart, so which do needs no look at the rows.
    const first = await ask(rules.names, rules.number(rules.names));
    if (!first.figures.some(({ tied }) => tied)) return first;
    // Touches of one millisecond stand in the order of the answer, which is known now.
    const names = first.standing.map(({ name }) => name);
    return ask(names, rules.number(names));
  }
  const found = await run.query<{ found: string }>(
    sqlFile('attribution/top-channels', { channel, touch, rows }, { limit }),
  );
  const names = found.map((row) => row.found);
  const top = param('top', 'Array(String)', names);
  return ask(names, sql`if(${channel} != '', toUInt8(indexOf(${top}, ${channel}) + 1), 0)`);
}

/** The channels that have touches, those with the most first; equal ones as in `names`. */
function rankChannels(figures: readonly FigureRow[], names: readonly string[]): StandingChannel[] {
  const touches = new Map(
    figures
      .filter(({ target }) => target === TOUCHES)
      .map(({ source, credits }) => [source, credits[0] ?? 0]),
  );
  const of = (number: number) => touches.get(number) ?? 0;
  return names
    .map((name, index) => ({ name, number: index + 2 }))
    .filter(({ number }) => of(number) > 0)
    .sort((a, b) => of(b.number) - of(a.number));
}

/** The rows of the range, and of the look-back before it. */
function scopeOf({ scope }: InsightRun, question: AttributionQuestion, plan: AttributionPlan): Sql {
  const from = Math.max(0, scope.range.from - plan.lookbackMs);
  const events = anyEventSql([plan.touch, question.conversion]);
  return scope.rows({ range: { from, to: scope.range.to }, events });
}

function pathsSql({ scope }: InsightRun, plan: AttributionPlan, rows: Sql, channel: Sql): Sql {
  return sqlFile(
    'attribution/paths',
    {
      person: scope.person,
      time: sql`toUnixTimestamp64Milli(events.timestamp)`,
      channel,
      touch: plan.isTouch,
      conversion: plan.isConversion,
      value: plan.value,
      rows,
    },
    { from: scope.range.from, lookback: plan.lookbackMs, gap: plan.gapMs, cap: CAP },
  );
}
