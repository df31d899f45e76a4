import { Kafka, logLevel } from 'kafkajs';

const PARTITIONS = 12;
const SEGMENT_BYTES = 16 * 2 ** 20;

/** Makes the topics of the collector so that a long run does not fill the disk: old segments go at once. */
export async function makeTopics(brokers, { partitionBytes = 64 * 2 ** 20 } = {}) {
  const admin = new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [
    { name: 'retention.bytes', value: String(partitionBytes) },
    { name: 'segment.bytes', value: String(SEGMENT_BYTES) },
  ];
  const topics = ['millrace.events', 'millrace.rejected'];
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({
      topic,
      numPartitions: PARTITIONS,
      replicationFactor: 1,
      configEntries,
    })),
  });
  await admin.disconnect();
}
