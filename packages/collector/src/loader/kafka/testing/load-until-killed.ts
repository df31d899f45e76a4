import { createWarehouseClient } from '@millrace/warehouse-schema';
import { createKafkaLoader } from '../create-kafka-loader.ts';

/** For tests: a loader as a process of its own, which loads until it is killed. */
const { brokers, url, username, password, groupId, rows } = JSON.parse(process.env.TEST_LOADER ?? '{}');
const log = (level: string) => (message: string, details?: object) =>
  process.stdout.write(`${level} ${message} ${JSON.stringify(details)}\n`);

const loader = createKafkaLoader({
  connection: { brokers },
  client: createWarehouseClient({ url, username, password, maxConnections: 20 }),
  groupId,
  sessionTimeoutMs: 1500,
  limits: { rows, ageMs: 20 },
  retryMs: { first: 20, longest: 500 },
  logger: { info: log('info'), warn: log('warn'), error: log('error') },
});
await loader.run(new AbortController().signal);
