import { createQueue, type LossReason, type TransportAnswer, type Verdict } from '@millrace/core';
import { createFakeClock, createPendingEvent, createSeededRandom } from '@millrace/core/testing';
import { createSender } from '../sender.ts';
import { createFakeTransport } from './fake-transport.ts';

/** A sender over fakes, with `ids` in its queue, each event about `size` bytes long. */
export function setUpSender(ids: string[] = [], size = 100) {
  const clock = createFakeClock();
  const queue = createQueue({ maxCount: 10_000, maxBytes: 10 ** 8 });
  const transport = createFakeTransport();
  const delivered: string[] = [];
  const lost: [LossReason, string[]][] = [];
  const stops: number[] = [];
  const sender = createSender({
    queue,
    transport,
    clock,
    random: createSeededRandom(1),
    writeKey: 'wk',
    flushIntervalMs: 200,
    onSettled: (messageIds, loss) => (loss ? lost.push([loss, messageIds]) : delivered.push(...messageIds)),
    onStopped: (status) => stops.push(status),
  });
  const add = (...more: string[]) => {
    for (const id of more) queue.add(createPendingEvent(id, size, clock.now()));
    sender.wake();
  };
  if (ids.length > 0) add(...ids);
  const sent = () => transport.requests.map((request) => request.ids);
  return { clock, queue, transport, delivered, lost, stops, sender, add, sent };
}

/** The ids e0, e1, and so on. */
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);

/** A 200 with these verdicts. */
export const judge = (...verdicts: [string, Verdict['status']][]): TransportAnswer => ({
  status: 200,
  body: { success: true, verdicts: verdicts.map(([messageId, status]) => ({ messageId, status })) },
});
