import { KAFKA_CLIENTS, SASL_MECHANISMS } from '@millrace/collector';
import { addresses, file, integer, oneOf, text } from './parse.ts';
import { optional, required } from './setting.ts';

/** How Kafka takes the place of the spool; without `KAFKA_BROKERS` none of them matters. */
export const KAFKA_SETTINGS = {
  kafkaBrokers: optional({
    variable: 'KAFKA_BROKERS',
    parse: addresses('kafka-1.internal:9092,kafka-2.internal:9092'),
    meaning: 'brokers of an Apache Kafka that is the log; the data folder then only buffers while it is away',
  }),
  kafkaClient: required({
    variable: 'MILLRACE_KAFKA_CLIENT',
    fallback: 'kafkajs',
    parse: oneOf(...KAFKA_CLIENTS),
    meaning:
      'what sends to the brokers; `platformatic` takes less CPU, and needs Node 22.22 and the package @platformatic/kafka',
  }),
  kafkaTls: required({
    variable: 'MILLRACE_KAFKA_TLS',
    fallback: 'off',
    parse: oneOf('off', 'on'),
    meaning: 'TLS to the brokers',
  }),
  kafkaCaFile: optional({
    variable: 'MILLRACE_KAFKA_CA_FILE',
    parse: file,
    meaning: 'certificate authorities (PEM) to trust for the brokers in place of the machine’s',
  }),
  kafkaSasl: optional({
    variable: 'MILLRACE_KAFKA_SASL',
    parse: oneOf(...SASL_MECHANISMS),
    meaning: `how to log in at the brokers: ${SASL_MECHANISMS.join(', ')}`,
  }),
  kafkaUsername: optional({
    variable: 'MILLRACE_KAFKA_USERNAME',
    parse: text,
    meaning: 'user to log in as, with MILLRACE_KAFKA_SASL',
  }),
  kafkaPassword: optional({
    variable: 'MILLRACE_KAFKA_PASSWORD',
    parse: text,
    meaning: 'its password',
    masked: 'all',
  }),
  kafkaPacking: required({
    variable: 'MILLRACE_KAFKA_PACKING',
    fallback: 'events',
    parse: oneOf('events', 'lines'),
    meaning:
      '`events`: one event a message; `lines`: those of a request that share a partition, as lines of one',
  }),
  kafkaCompression: required({
    variable: 'MILLRACE_KAFKA_COMPRESSION',
    fallback: 'none',
    parse: oneOf('none', 'gzip'),
    meaning: 'compression of what is sent to the brokers',
  }),
  kafkaCreateTopics: required({
    variable: 'MILLRACE_KAFKA_CREATE_TOPICS',
    fallback: 'on',
    parse: oneOf('on', 'off'),
    meaning: 'make the topics where they are missing',
  }),
  kafkaPartitions: required({
    variable: 'MILLRACE_KAFKA_PARTITIONS',
    fallback: '12',
    parse: integer(1, 10_000),
    meaning: 'partitions of a topic that is made',
  }),
  kafkaReplication: optional({
    variable: 'MILLRACE_KAFKA_REPLICATION',
    parse: integer(1, 9),
    meaning: 'copies of a topic that is made; as many as there are brokers, at most 3, if unset',
  }),
};
