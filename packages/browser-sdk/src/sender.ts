import {
  backoffDelay,
  batchBody,
  CLIENT_STORAGE_TTL_MS,
  type Clock,
  cutBatch,
  type EventQueue,
  envelopeBytes,
  type LossReason,
  MAX_BATCH_BYTES,
  type Outcome,
  type PendingEvent,
  type Random,
  readOutcome,
} from '@millrace/core';
import type { Delivery, Transport } from './transport.ts';

const MAX_BATCH_COUNT = 100;
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/** What a sender works with. */
export interface SenderOptions {
  queue: EventQueue;
  transport: Transport;
  clock: Clock;
  random: Random;
  writeKey: string;
  flushIntervalMs: number;
  /** They left the queue: delivered, or given up for a reason. */
  onSettled(messageIds: string[], loss: LossReason | undefined): void;
  /** The collector takes nothing from this client; what waits goes on waiting. */
  onStopped(status: number): void;
}

/** Empties the queue towards the collector. An event leaves the queue only when its fate is known. */
export interface Sender {
  /** Something waits: send it within the flush interval, or when the running wait for a retry is over. */
  wake(): void;
  /** The network may be back: send now, unless the collector asked for patience. */
  hurry(): void;
  /** Sends what waits, also after a stop; true when nothing waits any more. Never rejects. */
  flush(): Promise<boolean>;
  /** Sends, within this task, as much as may outlive the page. */
  unload(): void;
}

/** A sender with one ordinary request at a time. */
export function createSender(options: SenderOptions): Sender {
  const { queue, transport, clock, random, writeKey } = options;
  const overheadBytes = envelopeBytes(writeKey);
  const underWay = new Map<string, Delivery>();
  let cancelTimer: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;
  let stopped = false;
  let maxCount = MAX_BATCH_COUNT;

  const unschedule = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
  };
  const schedule = (delayMs: number): void => {
    unschedule();
    cancelTimer = clock.setTimeout(() => {
      cancelTimer = undefined;
      void drain();
    }, delayMs);
  };

  const finish = (messageIds: string[], loss?: LossReason): void => {
    const taken = messageIds.filter((id) => queue.remove(id));
    if (taken.length > 0) options.onSettled(taken, loss);
  };

  const retryLater = (afterMs = 0): false => {
    const wait = Math.min(afterMs, MAX_RETRY_AFTER_MS);
    notBefore = Math.max(notBefore, clock.now() + wait);
    schedule(wait + backoffDelay(wait > 0 ? 0 : failures, random));
    failures++;
    return false;
  };

  /** Acts on an outcome; whether sending may go on at once. */
  const settle = (ids: string[], outcome: Outcome): boolean => {
    if (outcome.kind === 'retry') return retryLater(outcome.afterMs);
    if (outcome.kind === 'stop') {
      stopped = true;
      unschedule();
      options.onStopped(outcome.status);
      return false;
    }
    if (outcome.kind === 'split') {
      maxCount = Math.ceil(ids.length / 2);
      if (ids.length === 1) finish(ids, outcome.loss);
      return true;
    }
    const { verdicts } = outcome;
    const judged = (wanted: string) =>
      ids.filter((id) => verdicts?.some(({ messageId, status }) => messageId === id && status === wanted));
    finish(verdicts ? judged('ok') : ids);
    finish(judged('rejected'), 'rejected');
    maxCount = Math.min(MAX_BATCH_COUNT, maxCount * 2);
    if (verdicts && judged('ok').length + judged('rejected').length < ids.length) return retryLater();
    failures = 0;
    return true;
  };

  const attempt = async (batch: PendingEvent[], send: (body: string) => Delivery): Promise<boolean> => {
    const ids = batch.map((event) => event.messageId);
    const delivery = send(batchBody(batch, { writeKey, sentAt: clock.now() }));
    for (const id of ids) underWay.set(id, delivery);
    const answer = await delivery.answer;
    for (const id of ids) if (underWay.get(id) === delivery) underWay.delete(id);
    return settle(ids, readOutcome(answer, clock.now()));
  };

  const nextBatch = (maxBytes: number, isFree: (event: PendingEvent) => boolean): PendingEvent[] => {
    const oldest = clock.now() - CLIENT_STORAGE_TTL_MS;
    const expired = [...queue].filter((event) => event.createdAt < oldest);
    finish(
      expired.map((event) => event.messageId),
      'expired',
    );
    return cutBatch([...queue].filter(isFree), { maxCount, maxBytes }, overheadBytes);
  };

  const sendAll = async (): Promise<void> => {
    unschedule();
    for (;;) {
      const batch = nextBatch(MAX_BATCH_BYTES, (event) => !underWay.has(event.messageId));
      if (batch.length === 0) return;
      const wait = notBefore - clock.now();
      if (wait > 0) return schedule(wait);
      if (!(await attempt(batch, transport.send))) return;
    }
  };

  const wake = (): void => {
    if (!stopped && !running && !cancelTimer) schedule(options.flushIntervalMs);
  };

  const drain = (): Promise<void> => {
    running ??= sendAll().finally(() => {
      running = undefined;
      // What came after the last look at the queue found a sender that seemed busy.
      if (queue.size > underWay.size) wake();
    });
    return running;
  };

  return {
    wake,
    hurry() {
      failures = 0;
      if (!stopped && !running && queue.size > 0) schedule(0);
    },
    async flush() {
      stopped = false;
      await drain();
      return queue.size === 0;
    },
    unload() {
      const isFree = (event: PendingEvent) => !underWay.get(event.messageId)?.outlivesPage;
      while (!stopped && clock.now() >= notBefore) {
        const room = transport.unloadRoom();
        const batch = nextBatch(room, isFree);
        const [first] = batch;
        if (!first || overheadBytes + first.bytes > room) return;
        void attempt(batch, transport.sendOnUnload).then((goOn) => goOn && queue.size > 0 && wake());
        if (isFree(first)) return;
      }
    },
  };
}
