import {
  type Clock,
  createLosses,
  createQueue,
  type EventStore,
  type Losses,
  type LossReason,
  MAX_EVENT_BYTES,
  type Random,
  stringifyWellFormed,
  utf8ByteLength,
} from '@millrace/core';
import type { HookList } from './hooks.ts';
import { createSender, type Sender } from './sender.ts';
import type { Transport } from './transport.ts';
import { createWriteBehind } from './write-behind.ts';

/** The bounds of what may wait, in memory and in the store alike. */
const MAX_PENDING = { maxCount: 1000, maxBytes: 2 * 1024 * 1024 };

/** What an outbox works with. */
export interface OutboxOptions {
  clock: Clock;
  random: Random;
  store: EventStore;
  transport: Transport;
  hooks: HookList;
  writeKey: string;
  flushIntervalMs: number;
}

/** Takes events at once and brings them to the collector, over this page or a later one. */
export interface Outbox {
  /** Takes the event, or gives it up for one of the reasons of a loss; never throws. */
  put(event: { messageId: string }): void;
  /** Counts events that are given up, or one that has no id, and tells; `message` says what was wrong. */
  lose(reason: LossReason, messageIds: string[], message?: string): void;
  losses: Losses;
  sender: Sender;
}

/** An outbox that begins with what earlier pages left. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { hooks, clock } = options;
  const queue = createQueue(MAX_PENDING);
  const behind = createWriteBehind(options.store);
  const losses = createLosses();
  let moreStored = false;

  const lose = (reason: LossReason, messageIds: string[], message?: string): void => {
    const count = messageIds.length || 1;
    losses.add(reason, count);
    hooks.emit('dropped', { reason, count, messageIds, message });
  };

  const takeStored = async (): Promise<void> => {
    const stored = await behind.load();
    moreStored = stored.filter((event) => !queue.add(event)).length > 0;
    if (queue.size > 0) sender.wake();
  };

  const sender = createSender({
    ...options,
    queue,
    onSettled(messageIds, loss) {
      behind.forget(messageIds);
      if (loss) lose(loss, messageIds);
      else hooks.emit('delivered', { messageIds });
      if (moreStored && queue.size === 0) void takeStored();
    },
    onStopped: (status) => hooks.emit('stopped', { status }),
  });

  void takeStored();

  return {
    lose,
    losses,
    sender,
    put(event) {
      const { messageId } = event;
      let json: string;
      try {
        json = stringifyWellFormed(event);
      } catch {
        return lose('unserializable', [messageId]);
      }
      const bytes = utf8ByteLength(json);
      if (bytes > MAX_EVENT_BYTES) return lose('too_large', [messageId]);
      const pending = { messageId, createdAt: clock.now(), json, bytes };
      if (!queue.add(pending)) return lose('queue_full', [messageId]);
      behind.keep(pending);
      sender.wake();
    },
  };
}
