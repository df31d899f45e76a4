import { createKafkaLog } from '@millrace/collector';
import { createBenchApp } from '../collector/app.mjs';
import { makeBodies } from '../collector/events.mjs';
import { brokers } from './counted-log.mjs';

const TOPIC = 'millrace.events';
const PARTITIONS = 12;
const BODIES = 100;
const BATCH = 50;
const IN_FLIGHT = 4;
const TIMEOUT_MS = 5000;

/**
 * The least that a client can do: the collector's own messages, in the same packing, partitions and sends of
 * `eventsPerSend` events, handed to the client ready made, again and again, four sends under way.
 */
export async function createLoop({ client, packing }) {
  const messages = await captureMessages(packing);
  const eventsPerMessage = (BODIES * BATCH) / messages.length;
  const open = client === 'kafkajs' ? openKafkajs : openPlatformatic;
  const { prepare, send } = await open();

  return async function measure({ ms, eventsPerSend }) {
    const size = Math.max(1, Math.round(eventsPerSend / eventsPerMessage));
    const groups = [];
    for (let at = 0; at < messages.length; at += size) {
      const group = messages.slice(at, at + size);
      if (group.length === size || groups.length === 0)
        groups.push({ count: group.length, ready: prepare(group) });
    }
    await loopFor(ms / 4, groups, send);
    const before = process.cpuUsage();
    const sent = await loopFor(ms, groups, send);
    const { user, system } = process.cpuUsage(before);
    return { usPerEvent: (user + system) / (sent * eventsPerMessage) };
  };
}

/** Sends the groups round and round for `ms`; resolves with how many messages were acknowledged. */
async function loopFor(ms, groups, send) {
  const until = performance.now() + ms;
  let next = 0;
  let sent = 0;
  const one = async () => {
    while (performance.now() < until) {
      const { count, ready } = groups[next++ % groups.length];
      await send(ready);
      sent += count;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  return sent;
}

/** What the collector would send of some requests. */
async function captureMessages(packing) {
  const captured = [];
  const sender = {
    partitions: async (topics) => new Map(topics.map((topic) => [topic, PARTITIONS])),
    send: async (messages) => void captured.push(...messages),
    close: async () => {},
  };
  const log = createKafkaLog({
    connection: { brokers: [] },
    packing,
    lingerMs: 0,
    connect: async () => sender,
  });
  const app = createBenchApp(log);
  for (const body of makeBodies(BODIES, BATCH, 2)) {
    const response = await app.request('/v1/batch', { method: 'POST', body });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  }
  await log.close();
  return captured;
}

async function openKafkajs() {
  const { Kafka, logLevel } = await import('kafkajs');
  const producer = new Kafka({ clientId: 'bench', brokers: brokers(), logLevel: logLevel.NOTHING }).producer({
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition,
  });
  await producer.connect();
  return {
    prepare: (group) => group.map(({ partition, message }) => ({ partition, ...message })),
    send: (messages) =>
      producer.sendBatch({ acks: -1, timeout: TIMEOUT_MS, topicMessages: [{ topic: TOPIC, messages }] }),
  };
}

async function openPlatformatic() {
  const { Producer } = await import('@platformatic/kafka');
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: brokers(), timeout: TIMEOUT_MS });
  const bytes = (headers) =>
    new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]));
  return {
    prepare: (group) =>
      group.map(({ topic, partition, message }) => ({
        topic,
        partition,
        value: message.value,
        headers: bytes(message.headers),
      })),
    send: (messages) => producer.send({ acks: -1, messages }),
  };
}
