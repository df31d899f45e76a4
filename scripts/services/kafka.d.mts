export interface KafkaOptions {
  /** How many brokers, each also a controller: 1 or 3. @default 1 */
  brokers?: number;
  /** Further lines of server.properties. */
  settings?: Record<string, string | number | boolean>;
  /** Level of the brokers' logs. @default WARN */
  log?: 'INFO' | 'WARN' | 'ERROR';
  /** How a client reaches it, where `settings` want TLS or a login. */
  client?: Pick<import('kafkajs').KafkaConfig, 'ssl' | 'sasl'>;
  /** Take the cluster that KAFKA_BROKERS names, if it names one. */
  external?: boolean;
}

/** One broker of a cluster that was started here. */
export interface KafkaNode {
  id: number;
  port: number;
  /** `host:port` */
  address: string;
  logFile: string;
  pid(): number | undefined;
  /** Starts it again after `kill` or `shutDown`; ready when a client gets an answer. */
  start(): void;
  /** kill -9; resolves once the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  /** SIGCONT */
  resume(): void;
  /** SIGTERM; resolves once the process is gone. */
  shutDown(): Promise<void>;
}

export interface RunningKafka {
  /** `host:port` of each. */
  brokers: string[];
  clusterId: string;
  /** Holds `broker-<id>/{server.properties,broker.log,data}`; gone after `stop`. */
  folder: string | undefined;
  /** Empty for a cluster that KAFKA_BROKERS named. */
  nodes: KafkaNode[];
  /** A client that looks into it, to be connected and disconnected by who asks. */
  admin(): import('kafkajs').Admin;
  /** Kills every broker and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a real Apache Kafka on free ports; resolves once it answers with every broker. */
export function startKafka(options?: KafkaOptions): Promise<RunningKafka>;
