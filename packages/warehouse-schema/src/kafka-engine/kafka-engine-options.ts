/** What the consumer tables of the Kafka engine are made with. */
export interface KafkaEngineOptions {
  /** `host:port`, as ClickHouse reaches them. */
  brokers: readonly string[];
  /** Topics of events. @default millrace.events */
  topics?: readonly string[];
  /** The topic of what the collector refused. @default millrace.rejected */
  rejectedTopic?: string;
  /** The consumer group; the loader's own must be another. @default millrace-kafka-engine */
  group?: string;
  /** Consumers in this ClickHouse; more than the topics have partitions are idle. @default 1 */
  consumers?: number;
  /** The project of events that name none. @default 1 */
  projectId?: number;
  /** How long events are kept that do not say it, in days. @default 730 */
  retentionDays?: number;
  /** TLS to the brokers, by the authorities of ClickHouse's machine or of its own configuration. */
  tls?: boolean;
  /** The password stands in ClickHouse's own files and is shown to nobody. */
  sasl?: { mechanism: string; username: string; password: string } | undefined;
}

/** The consumer group of the Kafka engine, unless another is named. */
export const KAFKA_ENGINE_GROUP = 'millrace-kafka-engine';
/** The topics that it reads, unless others are named. */
export const KAFKA_ENGINE_TOPICS = { events: 'millrace.events', rejected: 'millrace.rejected' } as const;
