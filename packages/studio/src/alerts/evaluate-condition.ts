import type { DataQualityQuestion, DataQualityResult } from '@millrace/warehouse-schema';
import type { AskInsight } from '../insights/insights-route.ts';
import type { AlertCondition } from './alert-rule.ts';
import { valueAt } from './json-pointer.ts';

/** What one look at the data said. */
export interface Finding {
  verdict: 'breach' | 'fine' | 'unknown';
  /** The figure that was compared; null where there is none. */
  value: number | null;
  /** In words, to be read by people. */
  summary: string;
  /** What the figure is made of. */
  detail?: object;
}

type Of<Kind extends AlertCondition['kind']> = Extract<AlertCondition, { kind: Kind }>;

/** How a rule asks; a question is about the moment at which it is asked. */
export interface Asking {
  ask: AskInsight;
  now: number;
  signal: AbortSignal;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Compares the data with a rule's condition. @throws InsightError where that is not possible. */
export async function evaluateCondition(condition: AlertCondition, asking: Asking): Promise<Finding> {
  switch (condition.kind) {
    case 'freshness':
      return evaluateFreshness(condition, asking);
    case 'volume':
      return evaluateVolume(condition, asking);
    case 'rejected':
      return evaluateRejected(condition, asking);
    case 'schema':
      return evaluateSchema(condition, asking);
    case 'insight':
      return evaluateInsight(condition, asking);
  }
}

async function askQuality(
  { ask, now, signal }: Asking,
  backMs: number,
  question: Omit<DataQualityQuestion, 'range'>,
): Promise<DataQualityResult> {
  const range = { from: new Date(now - backMs).toISOString(), to: new Date(now).toISOString() };
  const { result } = await ask('data-quality', { ...question, range }, signal);
  return (result ?? {}) as DataQualityResult;
}

const named = (event: string | undefined) => (event === undefined ? {} : { event });
const nameOf = (event: string | undefined) => (event === undefined ? 'Events' : `Events ${event}`);

async function evaluateFreshness({ event, minutes }: Of<'freshness'>, asking: Asking): Promise<Finding> {
  const { freshness } = await askQuality(asking, DAY_MS, { checks: ['freshness'], ...named(event) });
  const found = freshness?.overall;
  if (!found || found.sinceMs === null) {
    return { verdict: 'unknown', value: null, summary: `${nameOf(event)} have never arrived.` };
  }
  const value = Number((found.sinceMs / MINUTE_MS).toFixed(1));
  return {
    verdict: found.sinceMs > minutes * MINUTE_MS ? 'breach' : 'fine',
    value,
    summary: `${nameOf(event)}: the newest arrived ${value} minutes ago, at ${found.newest}; the limit is ${minutes} minutes.`,
    detail: found,
  };
}

async function evaluateVolume(condition: Of<'volume'>, asking: Asking): Promise<Finding> {
  const { event, interval = 'hour', threshold = 5, direction = 'any', timezone } = condition;
  const { volume } = await askQuality(asking, interval === 'hour' ? DAY_MS : 3 * DAY_MS, {
    checks: ['volume'],
    interval,
    threshold,
    limit: 1,
    ...named(event),
    ...(timezone !== undefined && { timezone }),
  });
  const [series] = volume?.series ?? [];
  const latest = series?.latest;
  if (!series || !latest) {
    return {
      verdict: 'unknown',
      value: null,
      summary: `${nameOf(event)}: too short a history to say what is usual.`,
    };
  }
  const gap = series.gaps.find(({ end }) => end === volume?.until);
  if (gap && direction !== 'high') {
    return {
      verdict: 'breach',
      value: 0,
      summary: `${nameOf(event)}: none since ${gap.start}, where about ${gap.expected} were to be expected.`,
      detail: gap,
    };
  }
  const isThatWay = direction === 'any' || (latest.z < 0 ? 'low' : 'high') === direction;
  return {
    verdict: Math.abs(latest.z) >= threshold && isThatWay ? 'breach' : 'fine',
    value: latest.z,
    summary: `${nameOf(event)}: ${latest.count} in the ${interval} from ${latest.start}, where about ${latest.expected} were to be expected (${latest.z} standard deviations).`,
    detail: latest,
  };
}

async function evaluateRejected(condition: Of<'rejected'>, asking: Asking): Promise<Finding> {
  const { share, minutes = 60, atLeast = 100 } = condition;
  const { rejected } = await askQuality(asking, minutes * MINUTE_MS, { checks: ['rejected'] });
  const all = (rejected?.accepted ?? 0) + (rejected?.rejected ?? 0);
  if (!rejected || all < atLeast) {
    return {
      verdict: 'unknown',
      value: null,
      summary: `${all} events arrived in ${minutes} minutes: too few to say.`,
    };
  }
  const value = rejected.rejected / all;
  // Without samples: a message does not carry what people sent.
  const reasons = rejected.reasons
    .slice(0, 20)
    .map(({ reason, field, events }) => ({ reason, field, events }));
  return {
    verdict: value > share ? 'breach' : 'fine',
    value,
    summary: `${rejected.rejected} of ${all} events were refused in ${minutes} minutes (${(value * 100).toPrecision(3)} %); the limit is ${share * 100} %.`,
    detail: { reasons },
  };
}

async function evaluateSchema({ event, hours = 24 }: Of<'schema'>, asking: Asking): Promise<Finding> {
  const { schema } = await askQuality(asking, hours * HOUR_MS, { checks: ['schema'], ...named(event) });
  const counts = Object.entries(schema ?? {}).map(([what, list]): [string, number] => [what, list.length]);
  const value = counts.reduce((sum, [, count]) => sum + count, 0);
  const said = counts.filter(([, count]) => count > 0).map(([what, count]) => `${what}: ${count}`);
  const detail = Object.fromEntries(
    Object.entries(schema ?? {}).map(([what, list]) => [what, list.slice(0, 20)]),
  );
  return {
    verdict: value > 0 ? 'breach' : 'fine',
    value,
    summary:
      value > 0
        ? `${nameOf(event)} look otherwise than in the ${hours} hours before: ${said.join(', ')}.`
        : `${nameOf(event)} look as in the ${hours} hours before.`,
    detail,
  };
}

async function evaluateInsight(condition: Of<'insight'>, { ask, signal }: Asking): Promise<Finding> {
  const { insight, question, pointer, above, below } = condition;
  const answer = await ask(insight, question, signal);
  const value = valueAt(answer, pointer);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const said = value === null ? 'has no value' : 'is no number';
    return { verdict: 'unknown', value: null, summary: `${insight}: ${pointer} ${said}.` };
  }
  const isAbove = above !== undefined && value > above;
  const isBelow = below !== undefined && value < below;
  const limits = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' or ');
  return {
    verdict: isAbove || isBelow ? 'breach' : 'fine',
    value,
    summary: `${insight}: ${pointer} is ${value}; breached ${limits}.`,
  };
}
