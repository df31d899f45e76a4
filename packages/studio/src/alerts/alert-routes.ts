import { InsightError } from '@millrace/warehouse-schema';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { answerFailure } from '../definitions/definitions-failure.ts';
import { FieldError } from '../definitions/read-request.ts';
import { errorResponse } from '../error-response.ts';
import type { AskInsight } from '../insights/insights-route.ts';
import { makeMessage } from './alert-message.ts';
import { type AlertRule, alertRuleSchema } from './alert-rule.ts';
import type { AlertPlace, AlertsAdmin } from './alerts-admin.ts';
import { evaluateCondition, type Finding } from './evaluate-condition.ts';
import { valueAt, whereItEnds } from './json-pointer.ts';
import { readAlert, showAlert } from './read-alert.ts';
import { sendWebhook, type WebhookPolicy } from './webhook/send-webhook.ts';

export interface AlertRoutesOptions {
  alerts: AlertsAdmin;
  projectId: number;
  askInsight: AskInsight;
  policy: WebhookPolicy;
}

const MAX_RULE_BYTES = 256 * 1024;

/**
 * `GET /api/alerts` (all, with their states), `GET`, `PUT` and `DELETE /api/alerts/<name>`, `GET .../history`,
 * `POST .../test` (looks at the data and sends a message now, once; changes no state), `GET /api/alerts-schema`. A rule is
 * tried when it is put: what its question has wrong is refused with the field.
 */
export function alertRoutes({ alerts, projectId, askInsight, policy }: AlertRoutesOptions): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_RULE_BYTES,
    onError: (c) => errorResponse(c, 413, 'rule_too_large', `A rule has at most ${MAX_RULE_BYTES} bytes.`),
  });
  app.onError((error, c) => answerFailure(c, error));
  app.use('/api/alerts/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  const placeOf = (c: Context): AlertPlace => ({ projectId, alert: c.req.param('alert') ?? '' });

  app.get('/api/alerts-schema', (c) => c.json(alertRuleSchema));
  app.get('/api/alerts', async (c) =>
    c.json({ alerts: (await alerts.listAlerts(projectId)).map(showAlert) }),
  );
  app.get('/api/alerts/:alert', async (c) => c.json(showAlert(await alerts.readAlert(placeOf(c)))));
  app.get('/api/alerts/:alert/history', async (c) => {
    await alerts.readAlert(placeOf(c));
    return c.json(await alerts.alertHistory(placeOf(c)));
  });

  app.put('/api/alerts/:alert', limit, async (c) => {
    const { rule, webhookUrl, webhookSecret } = readAlert(await c.req.text(), policy);
    await tryRule(rule, askInsight, c.req.raw.signal);
    const place = placeOf(c);
    const { alert, secret } = await alerts.putAlert({ ...place, rule, webhookUrl, webhookSecret });
    return c.json({ success: true, alert: showAlert(alert), ...(secret !== undefined && { secret }) });
  });

  app.delete('/api/alerts/:alert', async (c) => {
    await alerts.deleteAlert(placeOf(c));
    return c.json({ success: true });
  });

  app.post('/api/alerts/:alert/test', async (c) => {
    const place = placeOf(c);
    const stored = await alerts.readAlert(place);
    const rule = stored.rule as AlertRule;
    const webhook = await alerts.webhookOf(place);
    const now = Date.now();
    const finding = await lookNow(rule, askInsight, now, c.req.raw.signal);
    if (!webhook) return c.json({ success: true, finding, delivery: null });
    const { deliveryId: id, body } = makeMessage('test', { ...place, rule }, finding, { began: null, now });
    const delivery = await sendWebhook({ ...webhook, id, body }, policy, now);
    return c.json({ success: delivery.delivered, finding, delivery });
  });
  return app;
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
