import { requireKafkaClient } from '@millrace/collector';
import { CommandError } from '../command.ts';
import type { Config } from '../config/read-config.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import type { LogSettings } from '../processes/open-log.ts';
import { kafkaConnection } from './kafka-connection.ts';

/** Where the server puts events, by the configuration. Fails, with what to do, where the client for Kafka cannot run. */
export async function logSettings(config: Config): Promise<LogSettings> {
  const paths = dataPaths(config.dataDir);
  const connection = await kafkaConnection(config);
  const { spoolQuotaBytes: quotaBytes, kafkaPartitions: partitions, kafkaReplication: replication } = config;
  if (!connection) return { spool: { folder: paths.spool, quotaBytes } };
  await requireKafkaClient(config.kafkaClient).catch((error: Error) => {
    throw new CommandError(error.message);
  });
  return {
    spool: { folder: paths.buffer, quotaBytes },
    kafka: {
      connection,
      client: config.kafkaClient,
      packing: config.kafkaPacking,
      gzip: config.kafkaCompression === 'gzip',
      createTopics: config.kafkaCreateTopics === 'on' ? { partitions, replication } : undefined,
    },
  };
}
