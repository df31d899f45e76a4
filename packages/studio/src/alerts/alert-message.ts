import { randomUUID } from 'node:crypto';
import type { AlertRule } from './alert-rule.ts';
import type { AlertPlace } from './alerts-admin.ts';
import type { Finding } from './evaluate-condition.ts';

/** What a webhook gets, as JSON; docs/data-quality.md has it for receivers. Times are ISO 8601. */
interface AlertMessage {
  type: 'alert.firing' | 'alert.resolved' | 'alert.test';
  timestamp: string;
  data: {
    /** The same as the header `webhook-id`. */
    id: string;
    project: number;
    alert: string;
    title: string | null;
    condition: AlertRule['condition'];
    /** When the firing began, and, once it is over, when it ended. */
    began: string | null;
    ended: string | null;
    value: number | null;
    summary: string;
    /** What the figure is made of; of events refused, reasons and counts without what people sent. */
    detail: object | null;
  };
}

/** A message, and the id under which it is sent. `began` and `now` are Unix milliseconds. */
export function makeMessage(
  kind: 'firing' | 'resolved' | 'test',
  { projectId, alert, rule }: AlertPlace & { rule: AlertRule },
  { value, summary, detail }: Omit<Finding, 'verdict'>,
  { began, now }: { began: number | null; now: number },
): { deliveryId: string; body: string } {
  const deliveryId = randomUUID();
  const timestamp = new Date(now).toISOString();
  const message: AlertMessage = {
    type: `alert.${kind}`,
    timestamp,
    data: {
      id: deliveryId,
      project: projectId,
      alert,
      title: rule.title ?? null,
      condition: rule.condition,
      began: began === null ? null : new Date(began).toISOString(),
      ended: kind === 'resolved' ? timestamp : null,
      value,
      summary,
      detail: detail ?? null,
    },
  };
  return { deliveryId, body: JSON.stringify(message) };
}
