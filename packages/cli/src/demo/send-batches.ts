import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay, readOutcome, type TransportAnswer, type WireEvent } from '@millrace/core';
import { CommandError } from '../command.ts';

/** Sends one body to `/v1/batch`; answers `{ status: 0 }` where no answer came, with why. */
export type PostBatch = (body: string) => Promise<TransportAnswer & { failure?: string }>;

/** How batches are sent. */
export interface SendOptions {
  post: PostBatch;
  writeKey: string;
  /** Events a batch. @default 100 */
  batchSize?: number;
  /** The most events a second; unlimited if undefined. */
  rate?: number | undefined;
  /** Batches under way at once. @default 4 */
  connections?: number;
  /** How long a batch is tried again before the sending gives up. @default 120000 */
  giveUpMs?: number;
  onProgress?: (result: SendResult) => void;
  /** Ends the sending after the batches under way. */
  signal?: AbortSignal;
}

/** What became of the events. */
export interface SendResult {
  acknowledged: number;
  /** Refused by the collector, by reason; they are in `rejected_events`. */
  rejected: Record<string, number>;
  retries: number;
}

/**
 * Sends events in batches, each again under the same ids until the collector has answered for all of them.
 * Throws `CommandError` when the collector refuses the key, does not take a batch within `giveUpMs`, or has never
 * answered at all: then nobody is there to wait for.
 */
export async function sendBatches(
  events: Iterable<WireEvent> | AsyncIterable<WireEvent>,
  options: SendOptions,
): Promise<SendResult> {
  const { batchSize = 100, connections = 4, rate, signal } = options;
  const result: SendResult = { acknowledged: 0, rejected: {}, retries: 0 };
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  let begun = 0;
  let failure: unknown;
  const contact = { made: false };

  for await (const batch of inBatches(
    events,
    rate ? Math.min(batchSize, Math.max(1, Math.ceil(rate / 5))) : batchSize,
  )) {
    if (failure || signal?.aborted) break;
    if (rate)
      await delay(Math.max(0, startedAt + (begun / rate) * 1_000 - Date.now()), undefined, { signal }).catch(
        () => {},
      );
    begun += batch.length;
    const sending = sendBatch(batch, options, result, contact)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (underWay.size >= connections) await Promise.race(underWay);
    options.onProgress?.(result);
  }
  await Promise.all(underWay);
  if (failure) throw failure;
  options.onProgress?.(result);
  return result;
}

async function sendBatch(
  batch: readonly WireEvent[],
  options: SendOptions,
  result: SendResult,
  contact: { made: boolean },
): Promise<void> {
  const deadline = Date.now() + (options.giveUpMs ?? 120_000);
  let waiting = batch;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await options.post(
      JSON.stringify({
        batch: waiting,
        sentAt: new Date().toISOString(),
        writeKey: options.writeKey,
        verdicts: 1,
      }),
    );
    contact.made ||= answer.status !== 0;
    if (!contact.made) throw new CommandError(`the collector cannot be reached: ${wordsOf(answer)}`);
    const outcome = readOutcome(answer, Date.now());
    if (outcome.kind === 'accepted') {
      waiting = settle(waiting, outcome.verdicts, result);
      if (waiting.length === 0) return;
    } else if (outcome.kind !== 'retry') {
      throw new CommandError(`the collector refused the events: ${wordsOf(answer)}`);
    }
    if (Date.now() > deadline) {
      throw new CommandError(
        `the collector did not take a batch for ${Math.round((options.giveUpMs ?? 120_000) / 1_000)} s (${wordsOf(answer)}); the same command may be run again`,
      );
    }
    result.retries += 1;
    const asked = outcome.kind === 'retry' ? outcome.afterMs : undefined;
    await delay(asked || backoffDelay(attempt, Math.random, 5_000, 200));
  }
}

/** Counts what is settled, and returns what is to be sent again. */
function settle(
  batch: readonly WireEvent[],
  verdicts: readonly { messageId: string; status: string; reason?: string }[] | undefined,
  result: SendResult,
): WireEvent[] {
  if (!verdicts) {
    result.acknowledged += batch.length;
    return [];
  }
  const again: WireEvent[] = [];
  const byId = new Map(verdicts.map((verdict) => [verdict.messageId, verdict]));
  for (const event of batch) {
    const verdict = byId.get(event.messageId);
    if (verdict?.status === 'ok') result.acknowledged += 1;
    else if (verdict?.status === 'rejected') {
      const reason = verdict.reason ?? 'unknown';
      result.rejected[reason] = (result.rejected[reason] ?? 0) + 1;
    } else again.push(event);
  }
  return again;
}

async function* inBatches(
  events: Iterable<WireEvent> | AsyncIterable<WireEvent>,
  size: number,
): AsyncGenerator<WireEvent[]> {
  let batch: WireEvent[] = [];
  for await (const event of events) {
    batch.push(event);
    if (batch.length >= size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function wordsOf(answer: TransportAnswer & { failure?: string }): string {
  if (answer.status === 0) return answer.failure ?? 'no answer';
  const { error } = (answer.body ?? {}) as { error?: { message?: string } };
  return `${answer.status}${error?.message ? `, ${error.message}` : ''}`;
}
