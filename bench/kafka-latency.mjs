// From the POST of one event to its count in the view through Kafka: with nothing else to do, and while four heavy
// queries run without a pause. Broker, ClickHouse and everything else share the machine.
import { pathToFileURL } from 'node:url';
import { startKafka } from '../scripts/services/kafka.mjs';
import { measureLatency } from './latency/measure-latency.mjs';

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const kafka = await startKafka();
  try {
    return await measureLatency({
      name: 'kafka-latency',
      settings: { KAFKA_BROKERS: kafka.brokers.join(',') },
    });
  } finally {
    await kafka.stop();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.table((await run()).rows);
