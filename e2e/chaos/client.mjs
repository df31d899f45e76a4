import { setTimeout as sleep } from 'node:timers/promises';
import { createShopEvents } from './shop-events.mjs';

const REQUEST_TIMEOUT_MS = 5000;

/**
 * What all clients of a run did.
 * @typedef {object} Ledger
 * @property {Set<string>} acked ids that were answered `ok`
 * @property {number} retries requests sent again
 * @property {Record<string, number>} failures requests that were not answered 2xx, by why
 * @property {string[]} refusals events that the collector refused for good, which none may be
 */

/** @typedef {Record<string, unknown> & { messageId: string }} Event */

/** @returns {Ledger} */
export function createLedger() {
  return { acked: new Set(), retries: 0, failures: {}, refusals: [] };
}

/**
 * A client with an SDK's manners: it sends batches until `isOver`, and each until every event of it is answered
 * `ok` or it is `giveUpAt`, always under the same message ids and with a new `sentAt`. Now and then it loses an
 * answer and sends again.
 * @param {{ url: string, writeKey: string, name: string, skewMs: number, random: import('./random.mjs').Random,
 *   ledger: Ledger, isOver: () => boolean, giveUpAt: number }} options
 */
export async function runClient({ url, writeKey, name, skewMs, random, ledger, isOver, giveUpAt }) {
  const shop = createShopEvents({ name, skewMs, random });
  while (!isOver()) {
    let left = shop.take(random.between(1, 50));
    const hasSentAt = random.chance(0.95);
    const isAnswerLost = random.chance(0.05);
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 0) {
        ledger.retries++;
        if (Date.now() > giveUpAt) {
          ledger.refusals.push(`${left.length} events of ${name} were never answered`);
          return;
        }
        await sleep(random.between(20, 50 * 2 ** Math.min(attempt, 3)));
      }
      const sentAt = hasSentAt ? { sentAt: new Date(shop.now()).toISOString() } : {};
      const unanswered = await send(url, { writeKey, verdicts: 1, ...sentAt }, left, ledger);
      if (!(isAnswerLost && attempt === 0)) left = unanswered;
    }
    await sleep(random.between(0, 20));
  }
}

/**
 * One request. Resolves to the events that must be sent again.
 * @param {string} url
 * @param {Record<string, unknown>} envelope
 * @param {Event[]} events
 * @param {Ledger} ledger
 * @returns {Promise<Event[]>}
 */
async function send(url, envelope, events, ledger) {
  /** @param {string} why */
  const failed = (why) => {
    ledger.failures[why] = (ledger.failures[why] ?? 0) + 1;
    return events;
  };
  let answer;
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...envelope, batch: events }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) {
      const text = await response.text();
      // Anything that says "do not send this again" loses events that are in order.
      if (response.status < 500 && ![408, 429].includes(response.status))
        ledger.refusals.push(`${response.status} ${text}`);
      return failed(String(response.status));
    }
    answer = /** @type {{ verdicts: { messageId: string, status: string, reason?: string }[] }} */ (
      await response.json()
    );
  } catch (error) {
    return failed(/** @type {Error & { cause?: { code?: string } }} */ (error).cause?.code ?? String(error));
  }
  const status = new Map(answer.verdicts.map((verdict) => [verdict.messageId, verdict]));
  return events.filter(({ messageId }) => {
    const verdict = status.get(messageId);
    if (verdict?.status === 'rejected') ledger.refusals.push(`${messageId}: ${verdict.reason}`);
    if (verdict?.status === 'ok') ledger.acked.add(messageId);
    return verdict?.status !== 'ok' && verdict?.status !== 'rejected';
  });
}
