import type { TestEvent } from '../../../loader/testing/make-record.ts';
import { silentLogger } from '../../../logger.ts';
import type { EventLog } from '../../event-log.ts';
import { createKafkaLog } from '../../kafka/kafka-log.ts';
import { clientUnderTest } from '../../kafka/testing/client-under-test.ts';
import { createSpool } from '../../spool/spool.ts';
import { createSpoolReader } from '../../spool/spool-reader.ts';
import { createBufferedLog } from '../buffered-log.ts';

/** For tests: an event whose row follows from its id. */
export const eventOf = (id: string): TestEvent => ({ id, row: { path: `/${id}`, properties: { id } } });

/** For tests: a real Kafka with a buffer in `folder` in front. */
export async function openBufferedLog(folder: string, brokers: string[]): Promise<EventLog> {
  return createBufferedLog({
    kafka: createKafkaLog({
      client: clientUnderTest,
      connection: { brokers },
      createTopics: { partitions: 4 },
      requestTimeoutMs: 1000,
    }),
    spool: await createSpool({ folder, segmentBytes: 256 * 1024 }),
    reader: createSpoolReader({ folder, keepMs: 0 }),
    stateFolder: folder,
    logger: silentLogger,
  });
}
