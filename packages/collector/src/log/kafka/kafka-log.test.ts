import { expect, it } from 'vitest';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { KafkaSendError, type PlacedMessage } from './kafka-client.ts';
import { createKafkaLog, type KafkaLogOptions } from './kafka-log.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';

const record = makeRecord({ events: [{ id: 'a' }] });
const broken = (type: string) => new KafkaSendError(Object.assign(new Error(type), { type }));

/** A log over a Kafka whose sends fail with `failures`, one after another, and then succeed. */
function openLog(failures: Error[], options?: Partial<KafkaLogOptions>) {
  const seen = { connected: 0, closed: 0, sends: 0 };
  const log = createKafkaLog({
    connection: { brokers: ['none:1'] },
    connect: async () => {
      seen.connected++;
      return {
        partitions: async () =>
          new Map([
            [EVENTS_TOPIC, 3],
            [REJECTED_TOPIC, 3],
          ]),
        send: async (_: readonly PlacedMessage[]) => {
          seen.sends++;
          const failure = failures.shift();
          if (failure) throw failure;
        },
        close: async () => void seen.closed++,
      };
    },
    ...options,
  });
  return { log, seen };
}

it('sends again on a new connection what found no leader', async () => {
  const { log, seen } = openLog([broken('NOT_LEADER_FOR_PARTITION')]);
  await log.append(record);
  expect(seen).toEqual({ connected: 2, closed: 1, sends: 2 });
  expect(log.status()).toMatchObject({ writable: true, bytes: 0 });
});

it('does not send again what timed out, and says so until something is sent', async () => {
  const { log, seen } = openLog([broken('KafkaJSRequestTimeoutError')]);
  await expect(log.append(record)).rejects.toMatchObject({ code: 'log_failed', retryAfterMs: 1000 });
  expect(seen.sends).toBe(1);
  expect(log.status()).toMatchObject({ writable: false, reason: expect.stringContaining('Timeout') });
  await log.append(record);
  expect(log.status().writable).toBe(true);
});

it('gives up after its retries', async () => {
  const { log, seen } = openLog(Array(9).fill(broken('LEADER_NOT_AVAILABLE')), { retries: 1 });
  await expect(log.append(record)).rejects.toMatchObject({ code: 'log_failed' });
  expect(seen.sends).toBe(2);
});

it('keeps the connection when an event is too large, which is not the connection’s fault', async () => {
  const { log, seen } = openLog([broken('MESSAGE_TOO_LARGE')]);
  await expect(log.append(record)).rejects.toBeInstanceOf(RangeError);
  await log.append(record);
  expect(seen).toEqual({ connected: 1, closed: 0, sends: 2 });
});

it('refuses once it is closed', async () => {
  const { log } = openLog([]);
  await log.close();
  await expect(log.append(record)).rejects.toMatchObject({ code: 'log_closed' });
});
