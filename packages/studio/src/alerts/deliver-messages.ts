import type { AlertsQueue, DueDelivery } from './alerts-admin.ts';
import { type Attempt, sendWebhook, type WebhookPolicy } from './webhook/send-webhook.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;
/** What could not be delivered for so long is given up. */
const DEADLINE_MS = 86_400_000;
const GONE = 410;
const AT_ONCE = 20;

/** Sends what is due, each once; what fails is tried again later. Gives how many were sent or given up. */
export async function deliverDue(
  queue: AlertsQueue,
  policy: WebhookPolicy,
  now: () => number,
): Promise<number> {
  const due = await queue.dueDeliveries(AT_ONCE);
  await Promise.all(due.map((delivery) => deliver(delivery, queue, policy, now)));
  return due.length;
}

async function deliver(
  delivery: DueDelivery,
  queue: AlertsQueue,
  policy: WebhookPolicy,
  now: () => number,
): Promise<void> {
  const { deliveryId, body, webhookUrl: url, webhookSecret: secret } = delivery;
  if (url === null || secret === null) {
    const error = 'the alert has no webhook any more';
    return queue.settleDelivery({ deliveryId, status: null, error, next: 'given_up' });
  }
  const { status, error, delivered } = await sendWebhook(
    { url, secret, id: deliveryId, body },
    policy,
    now(),
  );
  const next = whatNext({ status, error, delivered }, delivery, now());
  await queue.settleDelivery({ deliveryId, status, error, next });
}

/** Waits of 5 s, 15 s, 45 s and so on to an hour, each a fifth longer or shorter, until a day has passed. */
export function whatNext(
  { status, delivered }: Attempt,
  { attempts, createdAt }: Pick<DueDelivery, 'attempts' | 'createdAt'>,
  now: number,
  random = Math.random,
): 'delivered' | 'given_up' | number {
  if (delivered) return 'delivered';
  const again = now + Math.min(FIRST_MS * 3 ** attempts, LONGEST_MS) * (0.8 + 0.4 * random());
  return status === GONE || again > createdAt.getTime() + DEADLINE_MS ? 'given_up' : again;
}
