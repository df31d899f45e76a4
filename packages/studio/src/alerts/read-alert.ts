import { InsightError, readQuestion } from '@millrace/warehouse-schema';
import { FieldError } from '../definitions/read-request.ts';
import { type AlertRule, type AlertRuleRequest, alertRuleSchema } from './alert-rule.ts';
import type { StoredAlert } from './alerts-admin.ts';
import { readWebhookUrl, type WebhookPolicy, WebhookUrlError } from './webhook/send-webhook.ts';

/** A rule that came from outside, and what is said of its webhook. */
interface ReadAlert {
  rule: AlertRule;
  /** Null: nobody is told. Undefined: as it was. */
  webhookUrl: string | null | undefined;
  webhookSecret: string | undefined;
}

/** @throws FieldError that names the field, the innermost one at fault. */
export function readAlert(text: string, policy: WebhookPolicy): ReadAlert {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new FieldError('body', 'expected JSON');
  }
  const { webhook, ...rule } = readShape(body);
  const { condition } = rule;
  if (condition.kind === 'insight' && condition.above === undefined && condition.below === undefined) {
    throw new FieldError('/condition', 'expected above, below or both');
  }
  if (webhook?.url !== undefined) {
    try {
      readWebhookUrl(webhook.url, policy);
    } catch (error) {
      if (error instanceof WebhookUrlError) throw new FieldError('/webhook/url', error.message);
      throw error;
    }
  }
  return { rule, webhookUrl: webhook === null ? null : webhook?.url, webhookSecret: webhook?.secret };
}

function readShape(body: unknown): AlertRuleRequest {
  try {
    return readQuestion<AlertRuleRequest>(alertRuleSchema, body);
  } catch (error) {
    if (!(error instanceof InsightError)) throw error;
    const words = error.message.replace(/^[^:]*: /, '');
    throw new FieldError(error.field || 'body', words);
  }
}

/** An alert as it is shown: its secret never, and of its webhook's address no more than where it leads. */
export function showAlert({ alert, rule, webhookUrl, updatedAt, status }: StoredAlert): object {
  const url = webhookUrl === null ? null : new URL(webhookUrl);
  const isWhole = url !== null && url.pathname === '/' && url.search === '';
  return {
    alert,
    ...rule,
    webhook: url && { url: isWhole ? url.origin : `${url.origin}/…` },
    updatedAt,
    status: status ?? { state: 'unknown', summary: 'It was not looked at yet.' },
  };
}
