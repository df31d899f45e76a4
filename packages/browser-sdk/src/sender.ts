import {
  backoffDelay,
  batchBody,
  CLIENT_STORAGE_TTL_MS,
  type LossReason,
  MAX_BATCH_BYTES,
  type Outcome,
  readOutcome,
} from '@millrace/core';
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

/** What a sender works with. */
export interface SenderOptions {
  outbox: Outbox;
  transport: Transport;
  turns: Turns;
  writeKey: string;
  flushIntervalMs: number;
  /** Whether anything may be sent at this moment. */
  maySend(): boolean;
  /** They left the outbox: delivered, or given up for a reason. */
  onSettled(messageIds: string[], loss: LossReason | undefined): void;
  /** The collector takes nothing from this client; what waits goes on waiting. */
  onStopped(status: number): void;
}

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

/** A sender with one ordinary request at a time, over all tabs of the origin. It begins hidden if `isHidden`. */
export function createSender(options: SenderOptions, isHidden: boolean): Sender {
  const { outbox, transport, turns, writeKey } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let unanswered = 0;
  // By the page's own clock: the other one may be set back a day, and then a day would be waited.
  let notBefore = 0;
  let isStopped = false;
  let maxCount = MAX_BATCH_COUNT;

  const unschedule = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const schedule = (delayMs: number): void => {
    unschedule();
    timer = setTimeout(() => {
      timer = undefined;
      void drain();
    }, delayMs);
  };
  const wake = (): void => {
    if (options.maySend() && !isStopped && !running && !timer) schedule(options.flushIntervalMs);
  };

  const finish = (ids: string[], loss?: LossReason): void => {
    const known = outbox.settle(ids);
    if (known[0]) options.onSettled(known, loss);
  };

  const retryLater = (afterMs = 0): false => {
    const wait = Math.min(afterMs, MAX_RETRY_AFTER_MS);
    const isBlocked = unanswered >= BLOCKED_AFTER;
    notBefore = Math.max(notBefore, performance.now() + wait);
    if (isBlocked) outbox.releaseStored();
    schedule(
      wait + backoffDelay(wait ? 0 : failures++, Math.random, { capMs: (isBlocked ? 60 : 5) * MINUTE_MS }),
    );
    return false;
  };

  /** Acts on an outcome; whether sending may go on at once. */
  const settle = (ids: string[], outcome: Outcome): boolean => {
    if (outcome.kind === 'retry') return retryLater(outcome.afterMs);
    if (outcome.kind === 'stop') {
      isStopped = true;
      unschedule();
      options.onStopped(outcome.status);
      return false;
    }
    if (outcome.kind === 'split') {
      maxCount = Math.ceil(ids.length / 2);
      if (maxCount === ids.length) finish(ids, 'too_large');
      return true;
    }
    const statuses = outcome.verdicts && new Map(outcome.verdicts.map((one) => [one.messageId, one.status]));
    const judged = (wanted: string) => ids.filter((id) => (statuses ? statuses.get(id) : 'ok') === wanted);
    const rejected = judged('rejected');
    const taken = judged('ok');
    finish(taken);
    finish(rejected, 'rejected');
    maxCount = Math.min(MAX_BATCH_COUNT, maxCount * 2);
    if (taken.length + rejected.length < ids.length) return retryLater();
    failures = 0;
    return true;
  };

  const attempt = async (batch: PendingEvent[], onUnload: boolean): Promise<boolean> => {
    const ids = batch.map((event) => event.id);
    const bytes = batch.reduce((sum, event) => sum + event.byteLength + 1, ENVELOPE_BYTES);
    const body = batchBody(
      batch.map((event) => event.jsonText),
      writeKey,
      Date.now(),
    );
    const delivery = transport.sendBody(body, bytes, onUnload);
    for (const event of batch) event.delivery = delivery;
    const answer = await delivery.answer;
    for (const event of batch) if (event.delivery === delivery) event.delivery = undefined;
    unanswered = answer.status ? 0 : unanswered + 1;
    return settle(ids, readOutcome(answer, Date.now()));
  };

  const nextBatch = (maxBytes: number, isFree: (event: PendingEvent) => unknown): PendingEvent[] => {
    const batch: PendingEvent[] = [];
    const expired: string[] = [];
    let room = maxBytes - ENVELOPE_BYTES;
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

  /** Sends one batch; whether there may be more. */
  const sendBatch = async (): Promise<boolean> => {
    // A page from the back/forward cache may wait for its storage for ever; what is in memory does not.
    await Promise.race([outbox.syncStored(), new Promise((resolve) => setTimeout(resolve, STORAGE_MS))]);
    const batch = nextBatch(MAX_BATCH_BYTES, isFree);
    // The page may have been hidden or the consent withdrawn meanwhile.
    return !isHidden && options.maySend() && batch[0] ? attempt(batch, false) : false;
  };

  const unload = async (): Promise<void> => {
    const isLeft = (event: PendingEvent) => !event.delivery?.outlivesPage;
    const attempts: Promise<boolean>[] = [];
    while (options.maySend() && !isStopped && performance.now() >= notBefore) {
      const batch = nextBatch(transport.unloadRoom(), isLeft);
      if (!batch[0]) break;
      attempts.push(attempt(batch, true));
      if (isLeft(batch[0])) break;
    }
    const mayGoOn = await Promise.all(attempts);
    // A page that lives on hidden has room again.
    if (mayGoOn[0] && mayGoOn.every(Boolean)) await unload();
  };

  const sendAll = async (): Promise<void> => {
    unschedule();
    while (options.maySend()) {
      const wait = notBefore - performance.now();
      if (wait > 0) return schedule(wait);
      if (isHidden) return unload();
      if (!(await turns.takeTurn(sendBatch))) return;
    }
  };

  const drain = (): Promise<void> => {
    running ??= sendAll().finally(() => {
      running = undefined;
      // What came after the last look at the outbox found a sender that seemed busy.
      if (!isHidden && [...outbox.pending.values()].some(isFree)) wake();
    });
    return running;
  };

  return {
    wake() {
      if (!isHidden) return wake();
      void unload();
      outbox.spill();
    },
    show(isOnline) {
      if (isOnline) unanswered = 0;
      else isHidden = false;
      if (!options.maySend() || isStopped || running || unanswered >= BLOCKED_AFTER) return;
      failures = 0;
      schedule(0);
    },
    async flush() {
      isStopped = false;
      await drain();
      // What a page that is hidden has sent.
      await Promise.all([...outbox.pending.values()].map((event) => event.delivery?.answer));
      return outbox.pending.size === 0 && unanswered < BLOCKED_AFTER;
    },
    hide() {
      isHidden = true;
      void unload();
      outbox.spill();
      turns.releaseTurn();
    },
  };
}
