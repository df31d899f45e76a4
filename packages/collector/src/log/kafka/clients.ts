import { connectKafkajs } from './kafkajs-client.ts';
import { connectPlatformatic, loadPlatformatic } from './platformatic-client.ts';

/** What speaks to the brokers. `platformatic` needs Node 22.22 and the package @platformatic/kafka. */
export type KafkaClient = (typeof KAFKA_CLIENTS)[number];
export const KAFKA_CLIENTS = ['kafkajs', 'platformatic'] as const;

/** How each of them connects a sender. */
export const CONNECT = { kafkajs: connectKafkajs, platformatic: connectPlatformatic };

/** Rejects, with what to do, where a client cannot run: before events are taken that it then could not send. */
export async function requireKafkaClient(client: KafkaClient): Promise<void> {
  if (client === 'platformatic') await loadPlatformatic();
}
