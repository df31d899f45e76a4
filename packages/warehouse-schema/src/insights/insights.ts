import { activeUsers } from './active-users/active-users.ts';
import { answerQuestion } from './answer-question.ts';
import { attribution } from './attribution/attribution.ts';
import { cohortPeople } from './cohorts/cohort-people.ts';
import { correlation } from './correlation/correlation.ts';
import { dataQuality } from './data-quality/data-quality.ts';
import { funnelPeople } from './funnels/funnel-people.ts';
import { funnels } from './funnels/funnels.ts';
import type { Answer, Insight } from './insight.ts';
import type { InsightAccess } from './insight-access.ts';
import { InsightError } from './insight-error.ts';
import { journeys } from './journeys/journeys.ts';
import { lifecycle } from './lifecycle/lifecycle.ts';
import { live } from './live/live.ts';
import { retention } from './retention/retention.ts';
import { ltv } from './revenue/ltv.ts';
import { revenue } from './revenue/revenue.ts';
import { sessions } from './sessions/sessions.ts';
import { stickiness } from './stickiness/stickiness.ts';
import { timeline } from './timeline/timeline.ts';
import { trends } from './trends/trends.ts';

/** Every insight by its name. */
export const INSIGHTS: Readonly<Record<string, Insight>> = byName([
  trends as unknown as Insight,
  funnels as unknown as Insight,
  funnelPeople as unknown as Insight,
  correlation as unknown as Insight,
  retention as unknown as Insight,
  activeUsers as unknown as Insight,
  lifecycle as unknown as Insight,
  stickiness as unknown as Insight,
  journeys as unknown as Insight,
  timeline as unknown as Insight,
  attribution as unknown as Insight,
  sessions as unknown as Insight,
  revenue as unknown as Insight,
  ltv as unknown as Insight,
  live as unknown as Insight,
  dataQuality as unknown as Insight,
  cohortPeople as unknown as Insight,
]);

function byName(insights: Insight[]): Record<string, Insight> {
  return Object.fromEntries(insights.map((insight) => [insight.name, insight]));
}

/**
 * Answers a question that came from outside: `POST /api/insights/<name>`.
 * @throws InsightError `unknown_insight`, or whatever is wrong with the question.
 */
export async function askInsight(
  name: string,
  access: InsightAccess,
  question: unknown,
): Promise<Answer<unknown>> {
  const insight = Object.hasOwn(INSIGHTS, name) ? INSIGHTS[name] : undefined;
  if (insight === undefined) {
    const names = Object.keys(INSIGHTS).join(', ');
    throw new InsightError('unknown_insight', `There is no insight of that name; there are ${names}.`);
  }
  return answerQuestion(insight, access, question);
}
