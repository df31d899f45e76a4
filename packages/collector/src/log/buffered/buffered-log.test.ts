import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSuppressionList, hashId } from '@millrace/warehouse-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { silentLogger } from '../../logger.ts';
import { type EventLog, LogUnavailableError } from '../event-log.ts';
import type { KafkaLog } from '../kafka/kafka-log.ts';
import { decodeEventsMessage } from '../kafka/message.ts';
import { placeRecord } from '../kafka/place-record.ts';
import { redactSpool } from '../spool/redact-spool.ts';
import { createSpool } from '../spool/spool.ts';
import { createSpoolReader } from '../spool/spool-reader.ts';
import { createBufferedLog } from './buffered-log.ts';

let folder: string;
let log: EventLog | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-buffered-'));
});
afterEach(async () => {
  await log?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A Kafka that is away when told so, and remembers what it took. */
function fakeKafka() {
  const kafka = { away: false, tries: 0, checks: 0, taken: [] as string[] };
  const fail = () => {
    if (kafka.away) throw new LogUnavailableError('log_failed', 'no broker', 1000);
  };
  const asLog: KafkaLog = {
    append: async (record) => {
      kafka.tries++;
      fail();
      if (record.meta.marks[0]?.[0] === 'huge') throw new RangeError('too large');
      const messages = placeRecord(record, { packing: 'lines', partitions: { events: 1, rejected: 1 } });
      for (const { message } of messages)
        kafka.taken.push(...decodeEventsMessage(message).meta.marks.map(([id]) => id));
    },
    check: async () => {
      kafka.checks++;
      fail();
    },
    status: () => ({ writable: !kafka.away, bytes: 0, quotaBytes: 0, segments: 0, quarantined: 0 }),
    close: async () => {},
  };
  return { kafka, asLog };
}

async function openLog(asLog: KafkaLog, quotaBytes = 1e9): Promise<EventLog> {
  log = await createBufferedLog({
    kafka: asLog,
    spool: await createSpool({ folder: join(folder, 'spool'), quotaBytes, reserveBytes: 0 }),
    reader: createSpoolReader({ folder: join(folder, 'spool'), keepMs: 0 }),
    stateFolder: folder,
    logger: silentLogger,
    probeMs: 10,
  });
  return log;
}

/** A busy machine takes its time. */
const SOON = { timeout: 20_000 };

const append = (to: EventLog, id: string) => to.append(makeRecord({ events: [{ id }] }));

describe('a Kafka with a buffer', () => {
  it('leaves the buffer alone while Kafka takes events', async () => {
    const { kafka, asLog } = fakeKafka();
    const open = await openLog(asLog);
    await append(open, 'a');
    expect(kafka.taken).toEqual(['a']);
    expect(open.status()).toMatchObject({
      writable: true,
      segments: 0,
      kafka: { available: true, drained: 0 },
    });
  });

  it('takes events while Kafka is away, tries it with one at a time, and hands them over in order', async () => {
    const { kafka, asLog } = fakeKafka();
    const open = await openLog(asLog);
    kafka.away = true;
    const ids = Array.from({ length: 200 }, (_, index) => `id-${index}`);
    for (const id of ids) await append(open, id);
    expect(open.status()).toMatchObject({ writable: true, kafka: { available: false, reason: 'no broker' } });
    // The first append found out; every other try was a probe, with pauses that double between them.
    expect(kafka.tries).toBeLessThan(20);
    kafka.away = false;
    await expect.poll(() => kafka.taken.length, SOON).toBe(200);
    expect(kafka.taken).toEqual(ids);
    // Counted once it is checked off on disk.
    await expect.poll(() => open.status().kafka, SOON).toEqual({ available: true, drained: 200 });
  });

  it('hands over after a start what the process before it left, and nothing twice', async () => {
    const first = fakeKafka();
    first.kafka.away = true;
    const before = await openLog(first.asLog);
    await append(before, 'a');
    await append(before, 'b');
    await before.close();
    const second = fakeKafka();
    const after = await openLog(second.asLog);
    await expect.poll(() => second.kafka.taken, SOON).toEqual(['a', 'b']);
    await expect.poll(() => after.status().kafka?.drained, SOON).toBe(2);
    await after.close();
    const third = fakeKafka();
    third.kafka.away = true;
    const last = await openLog(third.asLog);
    await append(last, 'c');
    third.kafka.away = false;
    await expect.poll(() => last.status().kafka?.drained, SOON).toBe(1);
    expect(third.kafka.taken).toEqual(['c']);
  });

  it('refuses only when Kafka is away and the buffer is full, and finds Kafka again without a record', async () => {
    const { kafka, asLog } = fakeKafka();
    const open = await openLog(asLog, 1);
    kafka.away = true;
    await expect(append(open, 'a')).rejects.toMatchObject({ code: 'log_full' });
    expect(open.status()).toMatchObject({ writable: false, reason: expect.stringContaining('no broker') });
    kafka.away = false;
    await expect.poll(() => open.status().writable, SOON).toBe(true);
    expect(kafka.checks).toBeGreaterThan(0);
    await append(open, 'b');
    expect(kafka.taken).toEqual(['b']);
  });

  it('hands over nothing that was blanked while it waited, though it had begun to read it', async () => {
    const { kafka, asLog } = fakeKafka();
    const open = await openLog(asLog);
    kafka.away = true;
    const until = Date.UTC(2099, 0);
    const theirs = { id: 'theirs', row: { user_id: 'gone' } };
    await open.append(makeRecord({ events: [{ id: 'a' }, theirs] }));
    await open.append(makeRecord({ events: [theirs] }));
    // The probes read the first record, again and again.
    const tries = kafka.tries;
    await expect.poll(() => kafka.tries, SOON).toBeGreaterThan(tries + 1);
    await open.rotate?.();
    const list = createSuppressionList([{ projectId: 1, salt: 's', hash: hashId('s', 1, 'gone'), until }]);
    expect(await redactSpool(join(folder, 'spool'), list)).toMatchObject({ events: 2 });
    kafka.away = false;
    await expect.poll(() => open.status().kafka?.drained, SOON).toBe(2);
    expect(kafka.taken).toEqual(['a']);
  });

  it('does not buffer what no topic takes: it would stay there for ever', async () => {
    const { asLog } = fakeKafka();
    const open = await openLog(asLog);
    await expect(append(open, 'huge')).rejects.toBeInstanceOf(RangeError);
    expect(open.status()).toMatchObject({ segments: 0, kafka: { available: true } });
  });
});
