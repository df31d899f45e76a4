import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeEventsMessage, EVENTS_TOPIC } from '../packages/collector/src/log/kafka/message.ts';
import { readTopic } from '../packages/collector/src/log/kafka/testing/read-topic.ts';
import { type RunningKafka, startKafka } from '../scripts/services/kafka.mjs';
import { freePorts } from './support/free-ports.mjs';
import { type Millrace, startMillrace } from './support/millrace.mjs';

let dataDir: string;
let kafka: RunningKafka;
let server: Millrace;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-e2e-kafka-'));
  kafka = await startKafka();
  const [port, http, tcp, definitions] = (await freePorts(4)).map(String);
  server = await startMillrace({
    dataDir,
    env: {
      ...process.env,
      PORT: port,
      MILLRACE_DATA: dataDir,
      MILLRACE_CLICKHOUSE_HTTP_PORT: http,
      MILLRACE_CLICKHOUSE_TCP_PORT: tcp,
      MILLRACE_DEFINITIONS_PORT: definitions,
      KAFKA_BROKERS: kafka.brokers.join(','),
      MILLRACE_KAFKA_PACKING: 'lines',
    },
  });
});
afterAll(async () => {
  await server?.stop();
  await kafka?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('an event that was answered 2xx is in Kafka, though broker and server were killed under load', async () => {
  const acked: string[] = [];
  let sending = true;
  async function client(name: number): Promise<void> {
    for (let n = 0; sending; n++) {
      const ids = Array.from({ length: 10 }, (_, index) => `${name}-${n}-${index}`);
      if (await post(ids)) acked.push(...ids);
      await pause(10);
    }
  }
  const clients = Array.from({ length: 6 }, (_, name) => client(name));
  const moreAreAcked = async () => {
    const before = acked.length;
    await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(before + 300);
  };

  const [broker] = kafka.nodes;
  await moreAreAcked();
  await server.kill('server');
  await moreAreAcked();
  await broker?.kill();
  await moreAreAcked();
  // What is in the buffer now was put there by a process that is no more when the broker is back.
  await server.kill('server');
  await moreAreAcked();
  broker?.start();
  await moreAreAcked();
  broker?.pause();
  await moreAreAcked();
  broker?.resume();
  await moreAreAcked();
  sending = false;
  await Promise.all(clients);

  await expect.poll(() => missingOf(acked), { timeout: 60_000, interval: 1000 }).toEqual([]);
});

async function post(ids: string[]): Promise<boolean> {
  const batch = ids.map((messageId) => ({ type: 'track', event: 'Sent', messageId, anonymousId: 'a' }));
  try {
    const response = await fetch(`${server.url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey: server.writeKey, batch }),
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function missingOf(ids: string[]): Promise<string[]> {
  const messages = await readTopic({ brokers: kafka.brokers }, EVENTS_TOPIC);
  const stored = new Set(messages.flatMap((each) => decodeEventsMessage(each).meta.marks.map(([id]) => id)));
  return ids.filter((id) => !stored.has(id));
}
