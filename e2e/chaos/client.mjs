import { setTimeout as sleep } from 'node:timers/promises';
import { createShopEvents } from './shop-events.mjs';

const REQUEST_TIMEOUT_MS = 5000;
/** How long a client goes on with one batch before it is said to be never answered. */
const PATIENCE_MS = 120_000;

/**
 * What all clients of a run did.
 * @typedef {object} Ledger
 * @property {Set<string>} acked ids that were answered `ok`
 * @property {Set<string>} invalid ids of events that were answered `rejected`, as they should be
 * @property {Set<string>} reused ids that were sent again with other content, and answered
 * @property {number} answers events that were answered `ok`, each time counted
 * @property {number} retries requests sent again for want of an answer
 * @property {Record<string, number>} failures requests that were not answered 2xx, by why
 * @property {string[]} refusals events that the collector refused for good, which none may be
 * @property {Batch[]} batches all that was sent, for those who send it once more
 */

/** @typedef {Record<string, unknown> & { messageId: string }} Event */
/** @typedef {{ events: Event[], hasSentAt: boolean, skewMs: number }} Batch */
/** @typedef {{ url: () => string, writeKey: string }} Target the url may change with a restart */

/** @returns {Ledger} */
export function createLedger() {
  return {
    acked: new Set(),
    invalid: new Set(),
    reused: new Set(),
    answers: 0,
    retries: 0,
    failures: {},
    refusals: [],
    batches: [],
  };
}

/**
 * A client with an SDK's manners: it sends batches for as long as `allow` lets it, and each until every event of it
 * is answered, always under the same message ids and with a new `sentAt`; then all of the batch once more, as if the
 * answer had been lost. Now and then it says something invalid, or uses an id again for something else.
 * @param {{ target: Target, name: string, skewMs: number, random: import('./random.mjs').Random, ledger: Ledger,
 *   allow: (events: number) => Promise<boolean> }} options `allow` resolves to false when it is over
 */
export async function runClient({ target, name, skewMs, random, ledger, allow }) {
  const shop = createShopEvents({ name, skewMs, random });
  for (;;) {
    const events = shop.take(random.between(1, 50));
    if (!(await allow(events.length))) return;
    if (random.chance(0.1)) events.splice(random.between(0, events.length), 0, shop.invalid());
    const batch = { events, hasSentAt: random.chance(0.95), skewMs };
    ledger.batches.push(batch);
    await deliver(batch, { target, ledger, random });
    await deliver(batch, { target, ledger, random });
    if (random.chance(0.05)) await reuseId(batch, { target, ledger, random });
  }
}

/**
 * Sends a batch until every event of it is answered.
 * @param {Batch} batch
 * @param {{ target: Target, ledger: Ledger, random: import('./random.mjs').Random, laterMs?: number }} options
 *   `laterMs` is how much later than now it is for the client
 */
export async function deliver({ events, hasSentAt, skewMs }, { target, ledger, random, laterMs = 0 }) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let left = events;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt > 0) {
      ledger.retries++;
      if (performance.now() > giveUpAt) {
        ledger.refusals.push(`${left.length} events were never answered, ${left[0]?.messageId} for one`);
        return;
      }
      await sleep(random.between(20, 50 * 2 ** Math.min(attempt, 3)));
    }
    const sentAt = hasSentAt ? { sentAt: new Date(Date.now() + skewMs + laterMs).toISOString() } : {};
    left = await send(target, { verdicts: 1, ...sentAt }, left, ledger);
  }
}

/** @type {(batch: Batch, options: Parameters<typeof deliver>[1]) => Promise<void>} */
async function reuseId({ events, hasSentAt, skewMs }, options) {
  const event = options.random.pick(events);
  if (options.ledger.invalid.has(event.messageId)) return;
  const other = { ...event, anonymousId: 'somebody-else', properties: { other: 'content' } };
  await deliver({ events: [other], hasSentAt, skewMs }, options);
  options.ledger.reused.add(event.messageId);
}

/**
 * One request. Resolves to the events that must be sent again.
 * @param {Target} target
 * @param {Record<string, unknown>} envelope
 * @param {Event[]} events
 * @param {Ledger} ledger
 * @returns {Promise<Event[]>}
 */
async function send({ url, writeKey }, envelope, events, ledger) {
  /** @param {string} why */
  const failed = (why) => {
    ledger.failures[why] = (ledger.failures[why] ?? 0) + 1;
    return events;
  };
  let answer;
  try {
    const response = await fetch(`${url()}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey, ...envelope, batch: events }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) {
      const text = await response.text();
      // Anything that says "do not send this again" loses events that are in order.
      if (response.status < 500 && ![408, 429].includes(response.status))
        ledger.refusals.push(`${response.status} ${text}`);
      if (response.status === 503 && !response.headers.has('retry-after'))
        ledger.refusals.push('503 without Retry-After');
      return failed(`${response.status} ${/"code":"(\w+)"/.exec(text)?.[1]}`);
    }
    answer = /** @type {{ verdicts: { messageId: string, status: string, reason?: string }[] }} */ (
      await response.json()
    );
  } catch (error) {
    return failed(/** @type {Error & { cause?: { code?: string } }} */ (error).cause?.code ?? String(error));
  }
  return unanswered(events, answer.verdicts, ledger);
}

/** @type {(events: Event[], verdicts: { messageId: string, status: string, reason?: string }[], ledger: Ledger) => Event[]} */
function unanswered(events, verdicts, ledger) {
  const status = new Map(verdicts.map((verdict) => [verdict.messageId, verdict]));
  return events.filter((event) => {
    const { messageId } = event;
    const verdict = status.get(messageId);
    if (verdict?.status === 'ok') {
      ledger.acked.add(messageId);
      ledger.answers++;
    }
    if (verdict?.status === 'rejected') {
      if (event.event === '') ledger.invalid.add(messageId);
      else ledger.refusals.push(`${messageId}: ${verdict.reason}`);
    }
    return verdict?.status !== 'ok' && verdict?.status !== 'rejected';
  });
}
