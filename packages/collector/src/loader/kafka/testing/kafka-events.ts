import { murmur3 } from '@millrace/core';
import { type Kafka, type Message, Partitioners } from 'kafkajs';
import {
  EVENTS_TOPIC,
  encodeEventsMessage,
  encodeRejectedMessage,
  REJECTED_TOPIC,
} from '../../../log/kafka/message.ts';
import { makeRecord, type TestRecord } from '../../testing/make-record.ts';

const PARTITIONS = 3;

/** For tests: makes both topics. */
export async function createTopics(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [EVENTS_TOPIC, REJECTED_TOPIC].map((topic) => ({ topic, numPartitions: PARTITIONS })),
  });
  await admin.disconnect();
}

/** For tests: makes Kafka forget where the loaders of a group stand. */
export async function forgetOffsets(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
}

/** For tests: sends records as the collector does; the events of a record that share a partition as lines. */
export async function createTestProducer(kafka: Kafka) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async send(records: TestRecord[]): Promise<void> {
      const events: Message[] = [];
      const rejected: Message[] = [];
      for (const record of records) {
        for (const [partition, part] of byPartition(record)) {
          const { meta, rows } = makeRecord({ ...part, rejected: [] });
          events.push({ partition, ...encodeEventsMessage(meta, meta.marks, rows) });
        }
        if (!record.rejected?.length) continue;
        const { meta, rejected: lines } = makeRecord({ ...record, events: [] });
        if (record.rejected.length > 1) throw new Error('one rejected row a record');
        rejected.push({ partition: 0, ...encodeRejectedMessage(meta, lines, record.rejected[0]) });
      }
      await producer.send({ topic: EVENTS_TOPIC, acks: -1, messages: events });
      if (rejected.length > 0) await producer.send({ topic: REJECTED_TOPIC, acks: -1, messages: rejected });
    },
    /** Whatever the partition of its ids is. */
    async sendTo(partition: number, record: TestRecord): Promise<void> {
      const { meta, rows } = makeRecord({ ...record, rejected: [] });
      const message = { partition, ...encodeEventsMessage(meta, meta.marks, rows) };
      await producer.send({ topic: EVENTS_TOPIC, acks: -1, messages: [message] });
    },
    async sendForeign(value: string): Promise<void> {
      await producer.send({ topic: EVENTS_TOPIC, messages: [{ partition: 0, value }] });
    },
    close: () => producer.disconnect(),
  };
}

function byPartition(record: TestRecord): Map<number, TestRecord> {
  const parts = new Map<number, TestRecord>();
  for (const event of record.events) {
    const partition = murmur3(`${record.projectId ?? 1}:${event.id}`) % PARTITIONS;
    const part = parts.get(partition) ?? { ...record, events: [] };
    part.events.push(event);
    parts.set(partition, part);
  }
  return parts;
}
