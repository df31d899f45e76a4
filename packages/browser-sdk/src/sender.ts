import {
  backoffDelay,
  batchBody,
  CLIENT_STORAGE_TTL_MS,
  type LossReason,
  MAX_BATCH_BYTES,
  readOutcome,
} from '@millrace/core';
import type { ReadOptions } from './options.ts';
import { ageOf, type Outbox, type PendingEvent } from './outbox.ts';
import type { Transport } from './transport.ts';
import type { Turns } from './turns.ts';

const MAX_BATCH_COUNT = 100;
const ENVELOPE_BYTES = 512;
const MINUTE_MS = 60_000;
const STORAGE_MS = 2000;
const MAX_RETRY_AFTER_MS = 60 * MINUTE_MS;
// So many attempts without any answer in a row look like a blocker, which will not go away.
const BLOCKED_AFTER = 10;

/** Empties the outbox towards the collector. An event leaves it only when its fate is known. */
export interface Sender {
  /** Something waits: send it within the flush interval, or when the running wait for a retry is over. */
  wake(): void;
  /** The page is seen, or has a network again (`isOnline`): send now, unless the collector asked for patience. */
  show(isOnline?: boolean): void;
  /** Sends what waits, also after a stop; true when nothing waits any more. Never rejects. */
  flush(): Promise<boolean>;
  /** Sends, within this task, as much as may outlive the page; from now until `show` nothing takes a turn. */
  hide(): void;
}

/**
 * A sender with one ordinary request at a time, over all tabs of the origin. It begins hidden if `isHidden`. `maySend`
 * says whether anything may be sent at this moment. `onSettled` hears of events that left the outbox, delivered, or given
 * up for a reason; `onStopped`, that the collector takes nothing from this client, and what waits goes on waiting.
 */
export function createSender(
  { writeKey, flushIntervalMs }: Pick<ReadOptions, 'writeKey' | 'flushIntervalMs'>,
  outbox: Outbox,
  transport: Transport,
  turns: Turns,
  isHidden: boolean,
  maySend: () => boolean,
  onSettled: (messageIds: string[], loss: LossReason | undefined) => void,
  onStopped: (status: number) => void,
): Sender {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let unanswered = 0;
  // By the page's own clock: the other one may be set back a day, and then a day would be waited.
  let notBefore = 0;
  let isStopped = false;
  let maxCount = MAX_BATCH_COUNT;

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(drain, delayMs);
  };
  const mayTry = () => maySend() && !isStopped;
  const wake = (): void => {
    if (mayTry() && !running && !timer) schedule(flushIntervalMs);
  };

  const finish = (ids: string[], loss?: LossReason): void => {
    const known = outbox.settle(ids);
    if (known[0]) onSettled(known, loss);
  };

  const retryLater = (afterMs = 0): false => {
    const wait = Math.min(afterMs, MAX_RETRY_AFTER_MS);
    const isBlocked = unanswered >= BLOCKED_AFTER;
    notBefore = Math.max(notBefore, performance.now() + wait);
    if (isBlocked) outbox.releaseStored();
    schedule(wait + backoffDelay(wait ? 0 : failures++, Math.random, (isBlocked ? 60 : 5) * MINUTE_MS));
    return false;
  };

  /** Sends a batch and acts on the answer; whether sending may go on at once. */
  const attempt = async (batch: PendingEvent[], onUnload: boolean): Promise<boolean> => {
    const ids = batch.map((event) => event.id);
    const texts = batch.map((event) => event.jsonText);
    const delivery = transport.sendBody(batchBody(texts, writeKey, new Date().toISOString()), onUnload);
    for (const event of batch) event.delivery = delivery;
    const answer = await delivery.answer;
    for (const event of batch) if (event.delivery === delivery) event.delivery = undefined;
    unanswered = answer.status ? 0 : unanswered + 1;

    const outcome = readOutcome(answer, Date.now());
    if (outcome.kind === 'retry') return retryLater(outcome.afterMs);
    if (outcome.kind === 'stop') {
      isStopped = true;
      onStopped(outcome.status);
      return false;
    }
    if (outcome.kind === 'split') {
      maxCount = Math.ceil(ids.length / 2);
      if (!ids[1]) finish(ids, 'too_large');
      return true;
    }
    const { verdicts } = outcome;
    const judged = (wanted: string) =>
      ids.filter((id) => (verdicts ? verdicts.find((one) => one.messageId === id)?.status : 'ok') === wanted);
    finish(judged('ok'));
    finish(judged('rejected'), 'rejected');
    maxCount = Math.min(MAX_BATCH_COUNT, maxCount * 2);
    if (ids.some((id) => outbox.pending.has(id))) return retryLater();
    failures = 0;
    return true;
  };

  const nextBatch = (room: number, isFree: (event: PendingEvent) => unknown): PendingEvent[] => {
    const batch: PendingEvent[] = [];
    const expired: string[] = [];
    for (const event of outbox.pending.values()) {
      if (ageOf(event.id) > CLIENT_STORAGE_TTL_MS) expired.push(event.id);
      else if (isFree(event) && batch.length < maxCount && event.byteLength < room) {
        batch.push(event);
        room -= event.byteLength + 1;
      }
    }
    finish(expired, 'expired');
    return batch;
  };

  const isFree = (event: PendingEvent) => !event.delivery;
  const isLeft = (event: PendingEvent) => !event.delivery?.outlivesPage;

  /** Sends one batch; whether there may be more. */
  const sendBatch = async (): Promise<boolean> => {
    // A page from the back/forward cache may wait for its storage for ever; what is in memory does not.
    await Promise.race([outbox.syncStored(), new Promise((resolve) => setTimeout(resolve, STORAGE_MS))]);
    const batch = nextBatch(MAX_BATCH_BYTES - ENVELOPE_BYTES, isFree);
    // The page may have been hidden or the consent withdrawn meanwhile.
    return !isHidden && maySend() && batch[0] ? attempt(batch, false) : false;
  };

  /** Sends as much as may outlive the page, and more when that is taken: a page that lives on hidden has room again. */
  const unload = (): void => {
    if (!mayTry() || unanswered >= BLOCKED_AFTER || performance.now() < notBefore) return;
    const batch = nextBatch(transport.unloadRoom(), isLeft);
    if (!batch[0]) return;
    void attempt(batch, true).then((mayGoOn) => mayGoOn && unload());
    unload();
  };

  const sendAll = async (): Promise<void> => {
    while (mayTry()) {
      const wait = notBefore - performance.now();
      if (wait > 0) return schedule(wait);
      if (isHidden) return unload();
      if (!(await turns.takeTurn(sendBatch))) return;
    }
  };

  const drain = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= sendAll().finally(() => {
      running = undefined;
      // What came after the last look at the outbox found a sender that seemed busy.
      if (!isHidden && [...outbox.pending.values()].some(isFree)) wake();
    });
    return running;
  };

  const leave = (): void => {
    unload();
    outbox.spillUnsaved();
  };

  return {
    wake: () => (isHidden ? leave : wake)(),
    show(isOnline) {
      if (isOnline) unanswered = 0;
      else isHidden = false;
      // While requests are blocked the wait goes on, unless it ended while the page was hidden.
      if (!mayTry() || (timer && unanswered >= BLOCKED_AFTER)) return;
      failures = unanswered;
      schedule(0);
    },
    async flush() {
      isStopped = false;
      await drain();
      // What a page that is hidden has sent.
      await Promise.all([...outbox.pending.values()].map((event) => event.delivery?.answer));
      return !outbox.pending.size && unanswered < BLOCKED_AFTER;
    },
    hide() {
      isHidden = true;
      leave();
      turns.releaseTurn();
    },
  };
}
