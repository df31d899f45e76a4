import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../scripts/services/kafka.mjs';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { createKafkaEngine } from './kafka-engine.ts';

const LOGIN = { mechanism: 'plain', username: 'millrace', password: 'correct horse' } as const;
const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${LOGIN.username}" password="${LOGIN.password}" user_${LOGIN.username}="${LOGIN.password}";`;

let work: string;
let broker: RunningKafka;
let engine: TestEngine;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'millrace-kafka-tls-'));
  const [key, cert, store] = ['key.pem', 'cert.pem', 'store.pem'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const self = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
  await promisify(execFile)('openssl', [...self, ...subject]);
  const ca = await readFile(cert, 'utf8');
  await writeFile(store, `${await readFile(key, 'utf8')}${ca}`);
  const client = { ssl: { ca: [ca] }, sasl: LOGIN };
  broker = await startKafka({
    settings: {
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL',
      'sasl.enabled.mechanisms': 'PLAIN',
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'listener.name.plaintext.plain.sasl.jaas.config': JAAS,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': store,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': cert,
    },
    client,
  });
  engine = await startTestEngine({ kafkaCa: ca });
  const kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING, ...client });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: ['millrace.events', 'millrace.rejected'].map((topic) => ({ topic, numPartitions: 1 })),
  });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({
    topic: 'millrace.events',
    messages: [{ value: '{"messageId":"secret","event":"e","userId":"u"}' }],
  });
  await producer.disconnect();
});
afterAll(async () => {
  await Promise.all([broker?.stop(), engine?.close()]);
  if (work) await rm(work, { recursive: true, force: true });
});

it('consumes over TLS from a broker of its own authority, logged in by SASL', async () => {
  const rows = () => engine.admin.query('SELECT message_id FROM kafka_events');
  await createKafkaEngine(engine.admin, {
    brokers: broker.brokers,
    tls: true,
    sasl: { ...LOGIN, password: 'wrong' },
  });
  const errors = () =>
    engine.admin.query(
      "SELECT 1 FROM system.kafka_consumers ARRAY JOIN exceptions.text AS text WHERE text != '' LIMIT 1",
    );
  await expect.poll(errors, { timeout: 30_000 }).not.toEqual([]);
  expect(await rows()).toEqual([]);
  await createKafkaEngine(engine.admin, { brokers: broker.brokers, tls: true, sasl: LOGIN });
  await expect.poll(rows, { timeout: 30_000 }).toEqual([{ message_id: 'secret' }]);
});
