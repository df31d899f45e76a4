import type { RejectedRow } from '@millrace/warehouse-schema';
import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { createKafkaLog, type KafkaLogOptions } from './kafka-log.ts';
import { KafkaSendError, type PlacedMessage } from './kafka-sender.ts';
import { decodeEventsMessage, EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';
import type { Packing } from './place-record.ts';

const record = makeRecord({ events: [{ id: 'a' }] });
const broken = (type: string) => new KafkaSendError(Object.assign(new Error(type), { type }));

/** A log over a Kafka whose sends fail with `failures`, one after another, and then succeed. */
function openLog(
  failures: Error[],
  {
    counts = { events: 3 },
    onSend,
    ...options
  }: Partial<KafkaLogOptions> & {
    counts?: { events: number };
    onSend?: (messages: readonly PlacedMessage[]) => void;
  } = {},
) {
  const seen = { connected: 0, closed: 0, sends: 0 };
  const log = createKafkaLog({
    connection: { brokers: ['none:1'] },
    connect: async () => {
      seen.connected++;
      return {
        partitions: async () =>
          new Map([
            [EVENTS_TOPIC, counts.events],
            [REJECTED_TOPIC, 3],
          ]),
        send: async (messages) => {
          seen.sends++;
          onSend?.(messages);
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

describe('events that are larger than the topics take', () => {
  /** Topics that take messages of so many bytes. */
  function openSmall(maxBytes: number, packing: Packing = 'events') {
    const taken: PlacedMessage[] = [];
    const opened = openLog([], {
      packing,
      onSend(messages) {
        if (messages.some(({ message }) => message.value.length > maxBytes))
          throw broken('MESSAGE_TOO_LARGE');
        taken.push(...messages);
      },
    });
    const of = (topic: string) =>
      taken.filter((placed) => placed.topic === topic).map(({ message }) => message);
    const ids = () =>
      of(EVENTS_TOPIC).flatMap((message) => decodeEventsMessage(message).meta.marks.map(([id]) => id));
    const rejected = () => of(REJECTED_TOPIC).map(({ value }) => JSON.parse(value.toString()) as RejectedRow);
    return { ...opened, ids, rejected };
  }
  const events = [{ id: 'a' }, { id: 'large', row: { path: 'é'.repeat(90_000) } }, { id: 'b' }];

  it('become rejected rows with as much as fits, take no other event with them, and leave the connection', async () => {
    const { log, seen, ids, rejected } = openSmall(2000);
    await log.append(makeRecord({ events, rejected: ['r'] }));
    expect(new Set(ids())).toEqual(new Set(['a', 'b']));
    const [large] = rejected().filter(({ reason }) => reason === 'event_too_large');
    expect(large).toMatchObject({ project_id: 1, message_id: 'large', retention_days: 3650 });
    expect(large?.detail).toMatch(/more than Kafka takes .*; only the first \d+ characters are kept$/);
    expect(large?.payload).toContain('"message_id":"large"');
    expect(rejected().filter(({ reason }) => reason !== 'event_too_large')).toHaveLength(1);
    expect(seen.connected).toBe(1);
  });

  it('have the same name whenever they are sent', async () => {
    const { log, rejected } = openSmall(40_000);
    const large = makeRecord({ events: [{ id: 'large', row: { path: 'x'.repeat(50_000) } }] });
    await log.append(large);
    await log.append(large);
    const [first, second] = rejected();
    expect(first).toMatchObject({ rejection_id: expect.stringMatching(/^too_large:large:\d+$/) });
    expect(second).toEqual(first);
  });

  it('do not make rejected rows of events that were only packed together', async () => {
    const { log, ids, rejected } = openSmall(2000, 'lines');
    await log.append(makeRecord({ events: Array.from({ length: 50 }, (_, n) => ({ id: `e${n}` })) }));
    expect(ids().sort()).toEqual(Array.from({ length: 50 }, (_, n) => `e${n}`).sort());
    expect(rejected()).toEqual([]);
  });
});

it('names a rejected row the same whenever its record is sent, and another one otherwise', async () => {
  const sent: string[] = [];
  const { log } = openLog([broken('LEADER_NOT_AVAILABLE')], {
    onSend: (messages) => void sent.push(messages.map(({ message }) => message.headers.i).join()),
  });
  const bad = () => makeRecord({ events: [], rejected: ['r', 's'] });
  await log.append(bad());
  await log.append(bad());
  expect(sent).toHaveLength(3);
  expect(sent[0]).toMatch(/^[\w-]{36}:0,[\w-]{36}:1$/);
  expect(sent[1]).toBe(sent[0]);
  expect(sent[2]).not.toBe(sent[0]);
});

it('uses the partitions of a topic that grew, on a new connection, without failing an append', async () => {
  const counts = { events: 1 };
  const used = new Set<number>();
  const { log, seen } = openLog([], {
    counts,
    partitionsMaxAgeMs: 0,
    onSend(messages) {
      for (const { partition } of messages) used.add(partition);
    },
  });
  const many = (run: string) =>
    makeRecord({ events: Array.from({ length: 60 }, (_, n) => ({ id: `${run}${n}` })) });
  await log.append(many('before'));
  expect([...used]).toEqual([0]);
  counts.events = 4;
  await log.append(many('first to notice'));
  await expect.poll(() => seen.connected, { timeout: 5000 }).toBe(2);
  await log.append(many('after'));
  expect([...used].sort()).toEqual([0, 1, 2, 3]);
  expect(seen).toMatchObject({ connected: 2, closed: 0 });
});

it('refuses once it is closed', async () => {
  const { log } = openLog([]);
  await log.close();
  await expect(log.append(record)).rejects.toMatchObject({ code: 'log_closed' });
});
