import {
  backoffDelay,
  batchBody,
  CLIENT_STORAGE_TTL_MS,
  type LossReason,
  MAX_BATCH_BYTES,
  readOutcome,
} from '@millrace/core';
import type { ReadOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import type { Outbox, PendingEvent } from './outbox.ts';
import type { Transport } from './transport.ts';

const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;
const ENVELOPE_BYTES = 256;

/** What a sender works with. */
export interface SenderOptions
  extends Pick<ReadOptions, 'writeKey' | 'flushIntervalMs' | 'flushAt' | 'maxInFlight'> {
  outbox: Outbox;
  transport: Transport;
  platform: Platform;
  /** They left the outbox: delivered, or given up for a reason. */
  onSettled(events: PendingEvent[], loss: LossReason | undefined): void;
  /** The collector takes nothing from this client; what waits goes on waiting. */
  onStopped(status: number): void;
}

/** Empties the outbox towards the collector, several batches at a time. */
export interface Sender {
  /** Something waits. */
  wake(): void;
  /** Sends what waits, also after a stop; true when nothing waits any more. Never rejects. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Sends no more. */
  stop(): void;
}

/** A sender. After a failure one batch at a time finds out whether the collector is back. */
export function createSender(options: SenderOptions): Sender {
  const { outbox, transport, platform, writeKey, flushAt } = options;
  const fullBytes = MAX_BATCH_BYTES - ENVELOPE_BYTES - writeKey.length * 6;
  const idle = new Set<() => void>();
  let cancelTimer: (() => void) | undefined;
  let inFlight = 0;
  let failures = 0;
  let notBefore = 0;
  let isStopped = false;
  let isFlushing = 0;
  let maxCount = flushAt;

  /** How long the next batch has still to wait; undefined while there is none. */
  const delay = (): number | undefined => {
    const { oldest } = outbox;
    if (oldest === undefined) return undefined;
    const isFull = outbox.waiting >= flushAt || outbox.waitingBytes >= fullBytes;
    const due = isFull || isFlushing > 0 ? 0 : oldest + options.flushIntervalMs;
    return Math.max(0, Math.max(due, notBefore) - platform.monotonic());
  };

  const settle = (events: PendingEvent[], loss?: LossReason): void => {
    if (events.length === 0) return;
    outbox.settle(events);
    options.onSettled(events, loss);
  };

  const retryLater = (events: PendingEvent[], afterMs = 0): void => {
    outbox.putBack(events);
    const wait = Math.min(afterMs, MAX_RETRY_AFTER_MS);
    const pause = wait + backoffDelay(wait > 0 ? 0 : failures, platform.random);
    notBefore = Math.max(notBefore, platform.monotonic() + pause);
    failures++;
  };

  const send = async (events: PendingEvent[]): Promise<void> => {
    const answer = await transport(
      batchBody(
        events.map((event) => event.json),
        writeKey,
        new Date(platform.now()).toISOString(),
      ),
    );
    const outcome = readOutcome(answer, platform.now());
    if (outcome.kind === 'retry') return retryLater(events, outcome.afterMs);
    if (outcome.kind === 'stop') {
      outbox.putBack(events);
      isStopped = true;
      return options.onStopped(outcome.status);
    }
    if (outcome.kind === 'split') {
      maxCount = Math.ceil(events.length / 2);
      return events.length > 1 ? outbox.putBack(events) : settle(events, 'too_large');
    }
    maxCount = Math.min(flushAt, maxCount * 2);
    const statuses = outcome.verdicts && new Map(outcome.verdicts.map((one) => [one.messageId, one.status]));
    const judged = (status: string): PendingEvent[] =>
      events.filter(({ messageId }) => (statuses ? statuses.get(messageId) : 'ok') === status);
    const taken = judged('ok');
    const rejected = judged('rejected');
    settle(taken);
    settle(rejected, 'rejected');
    if (taken.length + rejected.length === events.length) {
      failures = 0;
      return;
    }
    const known = new Set([...taken, ...rejected]);
    retryLater(events.filter((event) => !known.has(event)));
  };

  const withoutExpired = (events: PendingEvent[]): PendingEvent[] => {
    const expired = events.filter(({ since }) => platform.monotonic() - since > CLIENT_STORAGE_TTL_MS);
    if (expired.length === 0) return events;
    settle(expired, 'expired');
    return events.filter((event) => !expired.includes(event));
  };

  /** Starts the next batch; false where it has to wait. */
  const startBatch = (): boolean => {
    const wait = delay();
    if (wait === undefined) return false;
    if (wait > 0) {
      cancelTimer = platform.setTimeout(pump, wait, isFlushing > 0);
      return false;
    }
    const batch = withoutExpired(outbox.take({ maxCount, maxBytes: fullBytes }));
    if (batch.length === 0) return true;
    inFlight++;
    void send(batch).finally(() => {
      inFlight--;
      pump();
    });
    return true;
  };

  const mayStart = (): boolean => !isStopped && inFlight < (failures > 0 ? 1 : options.maxInFlight);

  const pump = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    let goesOn = true;
    while (goesOn && mayStart()) goesOn = startBatch();
    if (outbox.size === 0 || isStopped) for (const done of idle) done();
  };

  return {
    wake() {
      // A timer that runs is early enough, unless the batch is full now.
      if (isStopped || inFlight >= options.maxInFlight) return;
      if (!cancelTimer || outbox.waiting === flushAt || outbox.waitingBytes >= fullBytes) pump();
    },
    async flush(timeoutMs) {
      if (outbox.size === 0) return true;
      isStopped = false;
      isFlushing++;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          cancel();
          idle.delete(done);
          resolve();
        };
        const cancel = platform.setTimeout(done, timeoutMs, true);
        idle.add(done);
        pump();
      });
      isFlushing--;
      return outbox.size === 0;
    },
    stop() {
      isStopped = true;
      cancelTimer?.();
    },
  };
}
