import type { LossReason, TransportAnswer, Verdict } from '@millrace/core';
import { createSeededRandom } from '@millrace/core/testing';
import { onTestFinished, vi } from 'vitest';
import { createOutbox } from '../outbox.ts';
import { createSender } from '../sender.ts';
import type { Turns } from '../turns.ts';
import { createFakeStore } from './fake-store.ts';
import { createFakeTransport } from './fake-transport.ts';

/** An id as the client makes them, whose time is `at`; `number` tells it from others. */
export function idAt(at: number, number: number): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The id of the event `name`, as long as those of the client. */
const idOf = (name: string): string => name.padEnd(36, '_');

/** The name of the event of an id. */
const nameOf = (id: string): string => id.replace(/_+$/, '');

const alwaysItsTurn: Turns = { takeTurn: (send) => send(), releaseTurn: () => {} };

/** A sender over fakes, with the events `names` in its outbox, each about `size` bytes long. Time stands still. */
export function setUpSender(
  names: string[] = [],
  size = 100,
  store = createFakeStore(),
  turns = alwaysItsTurn,
) {
  vi.useFakeTimers({
    now: Date.UTC(2026, 0, 1),
    toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
  });
  const jitter = createSeededRandom(1);
  vi.spyOn(Math, 'random').mockImplementation(() => jitter.next());
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const outbox = createOutbox(store, 'spill.', () => true);
  const transport = createFakeTransport();
  const delivered: string[] = [];
  const lost: [LossReason, string[]][] = [];
  const stops: number[] = [];
  let maySend = true;
  const sender = createSender(
    { writeKey: 'wk', flushIntervalMs: 200 },
    outbox,
    transport,
    turns,
    false,
    () => maySend,
    (messageIds, loss) => {
      const names = messageIds.map(nameOf);
      if (loss) lost.push([loss, names]);
      else delivered.push(...names);
    },
    (status) => stops.push(status),
  );
  const add = (...more: string[]) => {
    for (const name of more) {
      const id = idOf(name);
      const json = JSON.stringify({ messageId: id, filler: 'x'.repeat(Math.max(0, size - id.length - 29)) });
      outbox.addEvent(id, json);
    }
    sender.wake();
  };
  if (names.length > 0) add(...names);
  return {
    add,
    advance: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    allow: (allowed: boolean) => {
      maySend = allowed;
    },
    delivered,
    lost,
    outbox,
    sender,
    sent: () => transport.requests.map((request) => request.names),
    stops,
    store,
    transport,
    waiting: () => [...outbox.pending.values()].map((event) => nameOf(event.id)),
  };
}

/** The names x0, x1, and so on. */
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}`);

/** A 200 with these verdicts. */
export const judge = (...verdicts: [string, Verdict['status']][]): TransportAnswer => ({
  status: 200,
  body: { success: true, verdicts: verdicts.map(([name, status]) => ({ messageId: idOf(name), status })) },
});
