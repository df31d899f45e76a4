import type { Admin, Kafka } from 'kafkajs';
import { expect, it } from 'vitest';
import { createConsumerGroup } from './consumer-group.ts';

/** A kafkajs whose first `stale` connections say for ever that the partition has another leader. */
function staleKafka(stale: number) {
  const seen = { made: 0, closed: 0 };
  const admin = (): Partial<Admin> => {
    const number = ++seen.made;
    return {
      connect: async () => {},
      disconnect: async () => void seen.closed++,
      async fetchTopicOffsets() {
        if (number <= stale) throw new Error('This server is not the leader for that topic-partition');
        return [{ partition: 0, offset: '9', low: '2', high: '9' }];
      },
    };
  };
  return { kafka: { admin } as unknown as Kafka, seen };
}

const groupOn = (kafka: Kafka) =>
  createConsumerGroup({ kafka, groupId: 'g', topics: ['t'], sessionTimeoutMs: 1, metadataMaxAgeMs: 1 });
const of = { topic: 't', partition: 0 };

it('asks on a new connection once one has failed, which several questions throw away once', async () => {
  const { kafka, seen } = staleKafka(1);
  const group = groupOn(kafka);
  const outcomes = await Promise.allSettled([group.bounds(of), group.bounds(of), group.bounds(of)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(seen).toEqual({ made: 2, closed: 1 });
  expect(await group.bounds(of)).toEqual({ first: 2, end: 9, partitions: 1 });
  await expect(group.bounds({ topic: 't', partition: 1 })).rejects.toThrow('t has no partition 1');
  expect(seen).toEqual({ made: 3, closed: 2 });
});
