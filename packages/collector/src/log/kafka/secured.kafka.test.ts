import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { makeRecord } from '../../loader/testing/make-record.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { createKafkaLog } from './kafka-log.ts';
import { EVENTS_TOPIC } from './message.ts';
import { clientUnderTest } from './testing/client-under-test.ts';
import { readTopic } from './testing/read-topic.ts';

const LOGIN = { mechanism: 'plain', username: 'millrace', password: 'correct horse' } as const;
const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${LOGIN.username}" password="${LOGIN.password}" user_${LOGIN.username}="${LOGIN.password}";`;

let work: string;
let kafka: RunningKafka;
let connection: KafkaConnection;

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
  kafka = await startKafka({
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
    client: { ssl: { ca: [ca] }, sasl: LOGIN },
  });
  connection = { brokers: kafka.brokers, tls: { ca }, sasl: LOGIN };
});
afterAll(async () => {
  await kafka?.stop();
  await rm(work, { recursive: true, force: true });
});

const append = async (to: KafkaConnection): Promise<void> => {
  const log = createKafkaLog({ client: clientUnderTest, connection: to, createTopics: { partitions: 1 } });
  await log.append(makeRecord({ events: [{ id: 'a' }] })).finally(() => log.close());
};

test('sends over TLS to a broker of its own authority, logged in by SASL', async () => {
  await append(connection);
  expect(await readTopic(connection, EVENTS_TOPIC)).toHaveLength(1);
});

test.each([
  ['another password', () => ({ ...connection, sasl: { ...LOGIN, password: 'wrong' } })],
  ['no trust in its authority', () => ({ ...connection, tls: {} })],
  ['no TLS', () => ({ ...connection, tls: undefined })],
])('with %s nothing is sent, and the reason says so', async (_, made) => {
  await expect(append(made())).rejects.toMatchObject({
    code: 'log_failed',
    message: expect.stringMatching(/Kafka does not take events: ./),
  });
});
