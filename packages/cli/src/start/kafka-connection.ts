import { readFile } from 'node:fs/promises';
import type { KafkaConnection } from '@millrace/collector';
import type { Config } from '../config/read-config.ts';

/** How to reach Kafka, or undefined where the spool is the log. Fails if the file of authorities cannot be read. */
export async function kafkaConnection(config: Config): Promise<KafkaConnection | undefined> {
  const { kafkaBrokers: brokers, kafkaTls, kafkaCaFile, kafkaSasl: mechanism } = config;
  if (!brokers) return undefined;
  const ca = kafkaCaFile === undefined ? undefined : await readFile(kafkaCaFile, 'utf8');
  const { kafkaUsername: username = '', kafkaPassword: password = '' } = config;
  return {
    brokers,
    tls: kafkaTls === 'on' ? { ...(ca !== undefined && { ca }) } : undefined,
    sasl: mechanism && { mechanism, username, password },
  };
}
