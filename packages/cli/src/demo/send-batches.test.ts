import type { WireEvent } from '@millrace/core';
import { expect, it } from 'vitest';
import { type PostBatch, sendBatches } from './send-batches.ts';
import { generateTraffic } from './traffic.ts';

const to = Date.UTC(2026, 10, 20);
const traffic = () =>
  generateTraffic({ seed: 's', from: to - 3_600_000, to, events: 500, origin: 'http://localhost' });

/** A collector that answers each attempt with what `answer` says, and notes what it took. */
function collector(answer: (attempt: number, ids: string[]) => Awaited<ReturnType<PostBatch>>) {
  const seen: string[] = [];
  let attempts = 0;
  const post: PostBatch = async (body) => {
    const ids = (JSON.parse(body) as { batch: WireEvent[] }).batch.map((event) => event.messageId);
    const reply = answer(attempts, ids);
    attempts += 1;
    if (reply.status === 200) seen.push(...ids);
    return reply;
  };
  return { post, seen, attempts: () => attempts };
}

it('sends every event, and again what was not answered', async () => {
  const { post, seen } = collector((attempt) =>
    attempt % 3 === 0 ? { status: 503, retryAfter: '0' } : { status: 200, body: { success: true } },
  );
  const result = await sendBatches(traffic(), { post, writeKey: 'wk', batchSize: 50 });
  expect(result).toMatchObject({ acknowledged: 500, rejected: {} });
  expect(result.retries).toBeGreaterThan(0);
  expect([...seen].sort()).toEqual([...traffic()].map((event) => event.messageId).sort());
});

it('goes by the verdicts: counts what was rejected, sends again what is to be', async () => {
  const { post } = collector((attempt, ids) => ({
    status: 200,
    body: {
      success: true,
      verdicts: ids.map((messageId, i) =>
        i === 0 && attempt === 0
          ? { messageId, status: 'rejected', reason: 'invalid_event' }
          : { messageId, status: i === 1 && attempt === 0 ? 'retry' : 'ok' },
      ),
    },
  }));
  const result = await sendBatches(traffic(), { post, writeKey: 'wk', batchSize: 500 });
  expect(result).toEqual({ acknowledged: 499, rejected: { invalid_event: 1 }, retries: 1 });
});

it('gives up at once where the key is refused, with the words of the collector', async () => {
  const { post, attempts } = collector(() => ({
    status: 401,
    body: { success: false, error: { code: 'unauthorized', message: 'unknown write key' } },
  }));
  await expect(sendBatches(traffic(), { post, writeKey: 'wk', connections: 1 })).rejects.toThrow(
    '401, unknown write key',
  );
  expect(attempts()).toBe(1);
});

it('says at once that nobody is there, and why', async () => {
  const { post, attempts } = collector(() => ({ status: 0, failure: 'connect ECONNREFUSED' }));
  await expect(sendBatches(traffic(), { post, writeKey: 'wk', connections: 1 })).rejects.toThrow(
    'the collector cannot be reached: connect ECONNREFUSED',
  );
  expect(attempts()).toBe(1);
});

it('waits for a collector that has answered before, until the deadline', async () => {
  const { post, attempts } = collector((attempt) =>
    attempt === 0 ? { status: 200, body: { success: true } } : { status: 0 },
  );
  const sending = sendBatches(traffic(), { post, writeKey: 'wk', connections: 1, giveUpMs: 50 });
  await expect(sending).rejects.toThrow('did not take a batch for 0 s (no answer)');
  expect(attempts()).toBeGreaterThan(2);
});

it('keeps to a rate', async () => {
  const { post } = collector(() => ({ status: 200, body: { success: true } }));
  const startedAt = performance.now();
  await sendBatches(traffic(), { post, writeKey: 'wk', rate: 2_000 });
  expect(performance.now() - startedAt).toBeGreaterThan(150);
});
