import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { anyEventSql } from '../question/where-sql.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import {
  type AttributionPlan,
  type AttributionQuestion,
  attributionSchema,
  planAttribution,
} from './attribution-question.ts';
import { type AttributionResult, type CreditRow, showAttribution } from './attribution-result.ts';
import { defineAttribution } from './define-attribution.ts';
import { removalEffects, type Transition } from './markov.ts';

export const attribution: Insight<AttributionQuestion, AttributionResult> = {
  name: 'attribution',
  schema: attributionSchema,
  define: defineAttribution,
  run: answerAttribution,
};

/** How many touches, and how many conversions, of one person are looked at. */
const CAP = 500;

/** What conversions owe to the touches before them: see docs/insights.md. @throws InsightError */
export function runAttribution(
  access: InsightAccess,
  question: AttributionQuestion,
): Promise<Answer<AttributionResult>> {
  return answerQuestion(attribution, access, question);
}

async function answerAttribution(run: InsightRun, question: AttributionQuestion): Promise<AttributionResult> {
  const plan = planAttribution(question);
  const { isTouch: touch, channel } = plan;
  const rows = scopeOf(run, question, plan);
  const channels = await run.query<{ found: string }>(
    sqlFile('attribution/top-channels', { channel, touch, rows }, { limit: plan.limit }),
  );
  const top = channels.map(({ found }) => found);
  const paths = pathsSql(run, plan, rows, top);
  const direct = plan.direct.map((name) => top.indexOf(name) + 2).filter((number) => number > 1);
  const credits = await run.query<CreditRow>(
    sqlFile('attribution/credits', { paths }, { direct, half_life: plan.halfLifeMs }),
  );
  const transitions = await run.query<Transition>(sqlFile('attribution/transitions', { paths }));

  const capped = credits.find((row) => row.channel === 0)?.capped_people ?? 0;
  if (capped > 0) {
    run.notice(
      'person_capped',
      `${capped} people have more than ${CAP} touches or conversions; of each, only the first so many were looked at.`,
    );
  }
  const effects = removalEffects(transitions, top.length + 1);
  return showAttribution(credits, top, effects, question.conversion.property !== undefined);
}

/** The rows of the range, and of the look-back before it. */
function scopeOf({ scope }: InsightRun, question: AttributionQuestion, plan: AttributionPlan): Sql {
  const from = Math.max(0, scope.range.from - plan.lookbackMs);
  const events = anyEventSql([plan.touch, question.conversion]);
  return scope.rows({ range: { from, to: scope.range.to }, events });
}

function pathsSql({ scope }: InsightRun, plan: AttributionPlan, rows: Sql, top: readonly string[]): Sql {
  return sqlFile(
    'attribution/paths',
    {
      person: scope.person,
      time: sql`toUnixTimestamp64Milli(events.timestamp)`,
      channel: plan.channel,
      touch: plan.isTouch,
      conversion: plan.isConversion,
      value: plan.value,
      rows,
    },
    { top, from: scope.range.from, lookback: plan.lookbackMs, gap: plan.gapMs, cap: CAP },
  );
}
