import { KAFKA_CLIENTS, type KafkaClient } from '../clients.ts';

/** For tests: the client that MILLRACE_KAFKA_CLIENT names, as in a configuration; kafkajs if unset. */
export const clientUnderTest: KafkaClient =
  KAFKA_CLIENTS.find((name) => name === process.env.MILLRACE_KAFKA_CLIENT) ?? 'kafkajs';
