import type { WarehouseClient } from '@millrace/warehouse-schema';
import { expect, it, vi } from 'vitest';
import { EVENTS_TOPIC, encodeEventsMessage } from '../../log/kafka/message.ts';
import { silentLogger } from '../../logger.ts';
import { makeRecord, RECEIVED_AT } from '../testing/make-record.ts';
import { createMemoryWarehouse } from '../testing/memory-warehouse.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { createKafkaLoader } from './create-kafka-loader.ts';

type Handlers = Parameters<ConsumerGroup['start']>[0];

const group = vi.hoisted(() => ({ handlers: undefined as unknown, commits: [] as number[] }));

vi.mock('./consumer-group.ts', async (original) => ({
  ...(await original<typeof import('./consumer-group.ts')>()),
  createConsumerGroup: (): ConsumerGroup => ({
    isReady: async () => true,
    start: async (handlers) => void Object.assign(group, { handlers }),
    committed: async () => null,
    commit: async (_of, { offset }) => void group.commits.push(offset),
    bounds: async () => ({ first: 0, end: 1, partitions: 1 }),
    seek() {},
    pause() {},
    resume() {},
    stop: async () => {},
  }),
}));

it('goes on when the group says twice in a row that it was joined, as after a broker was lost', async () => {
  const warehouse = createMemoryWarehouse();
  const loader = createKafkaLoader({
    connection: { brokers: ['none:1'] },
    client: {} as WarehouseClient,
    measure: () => warehouse,
    limits: { ageMs: 0 },
    logger: silentLogger,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  const of = { topic: EVENTS_TOPIC, partition: 0 };
  await vi.waitFor(() => expect(group.handlers).toBeDefined());
  const { joined, fetched } = group.handlers as Handlers;
  const isIdle = () => expect(loader.status().partitions).toMatchObject([{ state: 'idle' }]);

  joined([of]);
  await vi.waitFor(isIdle);
  joined([of]);
  await vi.waitFor(isIdle);
  const { meta, rows } = makeRecord({ events: [{ id: 'a' }], receivedAt: RECEIVED_AT });
  const { value, headers } = encodeEventsMessage(meta, meta.marks, rows);
  const messages = [{ offset: 0, timestamp: RECEIVED_AT, value, headers }];
  fetched(of, { fetchedOffset: 0, lastOffset: 0, messages }, 1);
  await vi.waitFor(() => expect(warehouse.tables.events).toHaveLength(1));
  await vi.waitFor(() => expect(group.commits).toContain(1));

  ending.abort();
  await running;
});
