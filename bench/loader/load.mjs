import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createClickHouseWarehouse,
  createKafkaLoader,
  createLoader,
  createSpoolReader,
} from '@millrace/collector';

const ASSIGNED_MS = 60_000;
const logger = { info() {}, warn: console.warn, error: console.error };

/** Time and CPU of this process that `task` takes. */
async function timed(task) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await task();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuUs: user + system };
}

async function drain(loader) {
  if (!(await loader.drain())) throw new Error('the loader ended early');
}

/** Loads all that is in the spool; the blocks that were inserted are kept in `blocks`. */
export async function loadSpool({ folder, stateDir, client, blocks = [] }) {
  const warehouse = createClickHouseWarehouse(client);
  const loader = createLoader({
    reader: createSpoolReader({ folder }),
    warehouse: {
      ...warehouse,
      insert(table, rows, options) {
        blocks.push({ table, rows });
        return warehouse.insert(table, rows, options);
      },
    },
    stateDir,
    logger,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  const taken = await timed(() => drain(loader));
  ending.abort();
  await running;
  return taken;
}

/** Loads all that is in Kafka, from the moment when the group has given this loader its partitions. */
export async function loadKafka({ brokers, client }) {
  const loader = createKafkaLoader({ connection: { brokers }, client, logger });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  for (const deadline = Date.now() + ASSIGNED_MS; loader.status().partitions.length === 0; ) {
    if (Date.now() > deadline) throw new Error('the loader was given no partitions');
    await pause(2);
  }
  const taken = await timed(() => drain(loader));
  ending.abort();
  await running;
  return taken;
}

/** The least that an insert can be: the blocks, one at a time, by the same client. */
export const insertBare = ({ client, blocks }) =>
  timed(async () => {
    for (const { table, rows } of blocks) await client.insertRows(table, [rows], { token: randomUUID() });
  });
