import { InsightError } from '@millrace/warehouse-schema';
import { FieldError } from '../definitions/read-request.ts';
import type { AskInsight } from '../insights/insights-route.ts';
import { makeMessage } from './alert-message.ts';
import type { AlertRule } from './alert-rule.ts';
import type { AlertPlace, AlertsAdmin } from './alerts-admin.ts';
import { evaluateCondition, type Finding } from './evaluate-condition.ts';
import { valueAt, whereItEnds } from './json-pointer.ts';
import { readAlert, showAlert } from './read-alert.ts';
import { type Attempt, sendWebhook, type WebhookPolicy } from './webhook/send-webhook.ts';

/** What it takes to change a rule, and to try one. */
export interface AlertAccess {
  alerts: AlertsAdmin;
  askInsight: AskInsight;
  policy: WebhookPolicy;
}

/**
 * Makes or changes a rule, which stands in `text` as JSON, once it was tried. `secret` is there where one was made.
 * @throws FieldError that names what is wrong with it
 */
export async function putAlert(
  { alerts, askInsight, policy }: AlertAccess,
  place: AlertPlace,
  text: string,
  signal: AbortSignal,
): Promise<{ alert: object; secret?: string }> {
  const { rule, webhookUrl, webhookSecret } = readAlert(text, policy);
  await tryRule(rule, askInsight, signal);
  const { alert, secret } = await alerts.putAlert({ ...place, rule, webhookUrl, webhookSecret });
  return { alert: showAlert(alert), ...(secret !== undefined && { secret }) };
}

/** Looks at the data now and sends one message about it, if there is a webhook; changes no state. */
export async function testAlert(
  { alerts, askInsight, policy }: AlertAccess,
  place: AlertPlace,
  signal: AbortSignal,
): Promise<{ finding: Finding; delivery: Attempt | null }> {
  const stored = await alerts.readAlert(place);
  const rule = stored.rule as AlertRule;
  const webhook = await alerts.webhookOf(place);
  const now = Date.now();
  const finding = await lookNow(rule, askInsight, now, signal);
  if (!webhook) return { finding, delivery: null };
  const { deliveryId: id, body } = makeMessage('test', { ...place, rule }, finding, { began: null, now });
  return { finding, delivery: await sendWebhook({ ...webhook, id, body }, policy, now) };
}

async function lookNow(
  { condition }: AlertRule,
  ask: AskInsight,
  now: number,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    return await evaluateCondition(condition, { ask, now, signal });
  } catch (error) {
    if (!(error instanceof InsightError)) throw error;
    return { verdict: 'unknown', value: null, summary: error.message };
  }
}

/** @throws FieldError for a question or a pointer that makes no sense; a warehouse that is away says nothing of that. */
async function tryRule({ condition }: AlertRule, ask: AskInsight, signal: AbortSignal): Promise<void> {
  try {
    if (condition.kind !== 'insight') {
      await evaluateCondition(condition, { ask, now: Date.now(), signal });
      return;
    }
    const answer = await ask(condition.insight, condition.question, signal);
    const value = valueAt(answer, condition.pointer);
    if (typeof value !== 'number' && value !== null) {
      const found = whereItEnds(answer, condition.pointer);
      throw new FieldError('/condition/pointer', `leads to no number of the answer: ${found}`);
    }
  } catch (error) {
    if (!(error instanceof InsightError)) throw error;
    if (error.code === 'unknown_insight') throw new FieldError('/condition/insight', error.message);
    if (error.code !== 'invalid_question') return;
    const words = error.message.replace(/^[^:]*: /, '');
    const place = condition.kind === 'insight' ? `/condition/question${error.field ?? ''}` : '/condition';
    throw new FieldError(place, words);
  }
}
