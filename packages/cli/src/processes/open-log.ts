import {
  createBufferedLog,
  createKafkaLog,
  createSpool,
  createSpoolReader,
  type EventLog,
  type KafkaLogOptions,
  type Logger,
} from '@millrace/collector';

/** Where the server process puts events. */
export interface LogSettings {
  /** The spool: the log itself, or, with Kafka, what buffers while that is away. */
  spool: { folder: string; quotaBytes: number };
  kafka?: Pick<KafkaLogOptions, 'connection' | 'client' | 'packing' | 'gzip' | 'createTopics'> | undefined;
}

/** Opens the log: Kafka with a buffer in front where there is one, else the spool. */
export async function openLog({ spool, kafka }: LogSettings, logger: Logger): Promise<EventLog> {
  const local = await createSpool(spool);
  if (!kafka) return local;
  return createBufferedLog({
    kafka: createKafkaLog({ ...kafka, logger }),
    spool: local,
    reader: createSpoolReader({
      folder: spool.folder,
      // Kafka keeps what went over.
      keepMs: 0,
      onDamage: (logId, damage) => logger.error('a segment of the buffer is damaged', { logId, ...damage }),
    }),
    stateFolder: spool.folder,
    logger,
  });
}
