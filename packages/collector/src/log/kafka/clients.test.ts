import { afterEach, expect, it } from 'vitest';
import { requireKafkaClient } from './clients.ts';

const original = Object.getOwnPropertyDescriptor(Promise, 'withResolvers');

afterEach(() => {
  if (original) Object.defineProperty(Promise, 'withResolvers', original);
});

it('kafkajs runs on every Node that Millrace runs on', async () => {
  await requireKafkaClient('kafkajs');
});

it('platformatic is refused on a Node that is too old for it, with what it needs', async () => {
  Reflect.deleteProperty(Promise, 'withResolvers');
  await expect(requireKafkaClient('platformatic')).rejects.toThrow(
    `MILLRACE_KAFKA_CLIENT=platformatic needs Node 22.22 or newer; this is ${process.versions.node}`,
  );
});
