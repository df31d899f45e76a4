import type { KafkaConnection } from './kafka-connection.ts';
import { openKafka } from './kafkajs-client.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';

/** What the brokers hold to for one of the log's topics. */
export interface TopicConfig {
  topic: string;
  /** Copies of its partitions. */
  copies: number;
  minInsyncReplicas: number;
  isUncleanElectionAllowed: boolean;
  /** The greatest message, in bytes. */
  maxMessageBytes: number;
  /** How long messages are kept, in milliseconds; -1 for ever. */
  retentionMs: number;
  /** How long a file of a partition may be appended to; it goes as a whole, by its newest message. In milliseconds. */
  segmentMs: number;
  cleanupPolicy: string;
  /** Whose clock a message has. */
  timestampType: string;
}

const TIMEOUT_MS = 5_000;
/** The protocol's number; kafkajs names it in an enum that Node's modules cannot import by name. */
const TOPIC = 2;

/** The settings of both topics, of those that are there; rejects if no broker answers, or the user may not see them. */
export async function readTopicConfigs(connection: KafkaConnection): Promise<TopicConfig[]> {
  const admin = openKafka(connection, TIMEOUT_MS).admin({ retry: { retries: 5 } });
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const topics = [EVENTS_TOPIC, REJECTED_TOPIC].filter((topic) => known.has(topic));
    if (topics.length === 0) return [];
    const metadata = await admin.fetchTopicMetadata({ topics });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type: TOPIC, name })),
    });
    return topics.map((topic) => {
      const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
      const of = (name: string): string =>
        entries.find((entry) => entry.configName === name)?.configValue ?? '';
      const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? [];
      return {
        topic,
        copies: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        minInsyncReplicas: Number(of('min.insync.replicas')),
        isUncleanElectionAllowed: of('unclean.leader.election.enable') === 'true',
        maxMessageBytes: Number(of('max.message.bytes')),
        retentionMs: Number(of('retention.ms')),
        segmentMs: Number(of('segment.ms')),
        cleanupPolicy: of('cleanup.policy'),
        timestampType: of('message.timestamp.type'),
      };
    });
  } finally {
    await admin.disconnect();
  }
}
