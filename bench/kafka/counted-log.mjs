import { createKafkaLog } from '@millrace/collector';
import { Kafka } from 'kafkajs';

/** The collector's Kafka log as it is, over KAFKA_BROKERS; `counts.sends` says how often its client was called. */
export async function createCountedKafkaLog({ client, packing }) {
  const counts = { sends: 0 };
  const counted = (send) =>
    function (...args) {
      counts.sends++;
      return send.apply(this, args);
    };
  if (client === 'kafkajs') {
    const { producer } = Kafka.prototype;
    Kafka.prototype.producer = function (options) {
      const made = producer.call(this, options);
      return { ...made, sendBatch: counted(made.sendBatch) };
    };
  } else {
    const { Producer } = await import('@platformatic/kafka');
    Producer.prototype.send = counted(Producer.prototype.send);
  }
  // A busy machine is not a broker that is away.
  const patience = { requestTimeoutMs: 20_000, retries: 10 };
  const log = createKafkaLog({ connection: { brokers: brokers() }, client, packing, ...patience });
  return { log, counts };
}

/** The brokers that the benchmark has started. */
export const brokers = () => (process.env.KAFKA_BROKERS ?? '').split(',');
