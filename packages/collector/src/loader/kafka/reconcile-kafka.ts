import { randomUUID } from 'node:crypto';
import type { KafkaConnection } from '../../log/kafka/kafka-connection.ts';
import { openKafka } from '../../log/kafka/kafkajs-client.ts';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import { compareWarehouse, END_OF_TIME, type ReconcileReport } from '../compare-warehouse.ts';
import type { ReconcileOptions } from '../reconcile.ts';
import { createRetrier } from '../retrier.ts';
import { LOADER_GROUP } from './consumer-group.ts';
import { ALL_INSERTS } from './shared-warehouse.ts';
import { createStandStill } from './stand-still.ts';
import { topicLogs } from './topic-logs.ts';

export interface ReconcileKafkaOptions
  extends Pick<ReconcileOptions, 'client' | 'from' | 'to' | 'repair' | 'logger' | 'signal'> {
  connection: KafkaConnection;
  /** The group of the loaders. @default 'millrace-loader' */
  groupId?: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Compares what is in the warehouse with both topics, as far back as Kafka keeps them and as far as they are loaded,
 * and everything that is filled from `events` with `events`; with `repair`, mends it. Loaders stand still
 * meanwhile, wherever they run. Safe to repeat after it was cut off.
 */
export async function reconcileKafka(options: ReconcileKafkaOptions): Promise<ReconcileReport> {
  const { connection, client, logger, from = 0, to = END_OF_TIME, repair = false } = options;
  const { groupId = LOADER_GROUP, signal = new AbortController().signal } = options;
  const warehouse = createClickHouseWarehouse(client);
  const standStill = createStandStill({
    client,
    owner: randomUUID(),
    signal,
    isQuiet: async () => (await warehouse.insertsRunning(ALL_INSERTS)) === 0,
  });
  const retries = { signal, clock: Date.now, logger, baseMs: 100, capMs: 5000 };
  const retrier = createRetrier({ subject: 'The warehouse', ...retries });
  const logs = topicLogs(openKafka(connection, REQUEST_TIMEOUT_MS), groupId, logger);
  return standStill.during(() => compareWarehouse({ client, retrier, from, to, repair, logs }));
}
