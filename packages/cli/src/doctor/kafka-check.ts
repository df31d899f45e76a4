import { type PartitionLag, readKafkaLag } from '@millrace/collector';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { type DoctorContext, type Finding, ok, problem, warning } from './finding.ts';

/** A loader that is well is seconds behind. */
const LATE_MS = 60_000;

/** How far the loaders are behind in Kafka: one finding if they keep up, else one for each partition that is behind. */
export async function kafkaLag({ config }: Pick<DoctorContext, 'config'>): Promise<Finding[]> {
  const connection = await kafkaConnection(config);
  if (!connection) return [];
  let partitions: PartitionLag[];
  try {
    partitions = await readKafkaLag(connection);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [problem(`how far Kafka is loaded is not known: ${why}`, 'check KAFKA_BROKERS')];
  }
  return findingsOf(partitions);
}

/** What there is to say of the partitions. */
export function findingsOf(partitions: readonly PartitionLag[]): Finding[] {
  const behind = partitions.filter(({ lag }) => lag > 0);
  if (behind.length === 0) return [ok(`everything in ${partitions.length} partitions of Kafka is loaded`)];
  const sum = behind.reduce((total, { lag }) => total + lag, 0);
  if (behind.every(({ waitsForMs }) => (waitsForMs ?? 0) < LATE_MS)) {
    return [ok(`${sum} messages in ${behind.length} partitions of Kafka wait, none for a minute`)];
  }
  return behind.map(({ topic, partition, lag, committed, waitsForMs }) => {
    const loaded = committed === null ? 'nothing is loaded yet' : `loaded up to ${committed}`;
    const waits =
      waitsForMs === null ? 'the oldest is new' : `the oldest waits for over ${inWords(waitsForMs)}`;
    const message = `${topic} ${partition}: ${lag} messages wait, ${loaded}; ${waits}`;
    return (waitsForMs ?? 0) < LATE_MS
      ? ok(message)
      : warning(
          message,
          'see the logs of the loaders, and whether each runs; more of them share the partitions',
        );
  });
}

function inWords(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${ms / 1000} s`;
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}
