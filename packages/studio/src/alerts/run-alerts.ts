import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AskInsight } from '../insights/insights-route.ts';
import { makeMessage } from './alert-message.ts';
import type { AlertRule } from './alert-rule.ts';
import type { AlertsQueue, DueAlert } from './alerts-admin.ts';
import { deliverDue } from './deliver-messages.ts';
import { evaluateCondition, type Finding } from './evaluate-condition.ts';
import { nextState } from './next-state.ts';
import type { WebhookPolicy } from './webhook/send-webhook.ts';

export interface RunAlertsOptions {
  queue: AlertsQueue;
  /** Asks for a project, as the reader. */
  askFor(projectId: number): AskInsight;
  policy: WebhookPolicy;
  log: (line: string) => void;
  /** How often it is looked whether something is due, in milliseconds. @default 5000 */
  intervalMs?: number;
  /** @default Date.now */
  now?: () => number;
  /** How long the lease is held without a sign of life, in milliseconds. @default 60000 */
  leaseMs?: number;
}

/** How long the lease is held; whoever loses it is followed after that. */
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;
const RULES_AT_ONCE = 10;

/**
 * Looks at the rules whose time has come, and sends the messages about them. Of several processes over one database one
 * does so, by a lease. A state and the message about it are saved together and the message is sent afterwards, so it
 * arrives at least once, whenever the process dies. While the database is away nothing is looked at.
 */
export function runAlerts(options: RunAlertsOptions): { close(): Promise<void> } {
  const { queue, policy, log, intervalMs = 5_000, now = Date.now, leaseMs = LEASE_MS } = options;
  const holder = randomUUID();
  const ending = new AbortController();
  const { signal } = ending;
  let problem = '';

  async function evaluateDue(): Promise<void> {
    for (const due of await queue.dueAlerts(RULES_AT_ONCE)) {
      if (signal.aborted || !(await queue.holdAlerts(holder, leaseMs))) return;
      await evaluate(due);
    }
  }

  async function evaluate(due: DueAlert): Promise<void> {
    const rule = due.rule as AlertRule;
    const at = now();
    const finding = await findOut(rule, { ask: options.askFor(due.projectId), now: at, signal });
    // What was given up since the process ends is looked at by the next one.
    if (signal.aborted) return;
    const { change, ...state } = nextState(due.status, finding.verdict, rule);
    const { value, summary } = finding;
    await queue.saveEvaluation(holder, {
      projectId: due.projectId,
      alert: due.alert,
      revision: due.revision,
      status: { ...state, value, summary },
      now: at,
      nextAt: at + (rule.every ?? 5) * MINUTE_MS,
      change,
      ...(change &&
        due.webhookUrl !== null && {
          message: ({ began }: { began: number }) =>
            makeMessage(change, { ...due, rule }, finding, { began, now: at }),
        }),
    });
  }

  async function repeat(work: () => Promise<unknown>): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await queue.holdAlerts(holder, leaseMs)) await work();
        problem = '';
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        if (words !== problem) log(`alerts cannot be looked at: ${words}`);
        problem = words;
      }
      await delay(intervalMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  // Apart, so that a receiver that is slow keeps no rule waiting.
  const running = Promise.all([repeat(evaluateDue), repeat(() => deliverDue(queue, policy, now))]);
  return {
    async close() {
      ending.abort();
      await running;
      await queue.releaseAlerts(holder).catch(() => {});
    },
  };
}

async function findOut(
  { condition }: AlertRule,
  asking: Parameters<typeof evaluateCondition>[1],
): Promise<Finding> {
  try {
    return await evaluateCondition(condition, asking);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { verdict: 'unknown', value: null, summary: `It could not be found out: ${words.slice(0, 500)}` };
  }
}
