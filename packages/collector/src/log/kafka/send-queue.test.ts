import { expect, it } from 'vitest';
import type { PlacedMessage } from './kafka-sender.ts';
import { createSendQueue, type SendQueueOptions } from './send-queue.ts';

const message = (text: string, bytes = 10): PlacedMessage => ({
  topic: 't',
  partition: 0,
  message: { value: Buffer.alloc(bytes, text), headers: { p: '1', r: '1' } },
});
const textOf = (placed: PlacedMessage): string => String.fromCharCode(placed.message.value[0] ?? 0);

function open(options: Partial<SendQueueOptions>) {
  const sent: string[] = [];
  const queue = createSendQueue({
    send: async (group) => void sent.push(group.map(textOf).join('')),
    isTooLarge: () => false,
    lingerMs: 1,
    groupBytes: 10_000,
    inFlight: 2,
    queueBytes: 100_000,
    ...options,
  });
  return { queue, sent };
}

it('sends what comes within the linger together', async () => {
  const { queue, sent } = open({});
  await Promise.all(['a', 'b', 'c'].map((text) => queue.push([message(text)])));
  expect(sent).toEqual(['abc']);
  expect(queue.bytes()).toBe(0);
});

it('sends a full group at once, without waiting for the linger', async () => {
  const { queue, sent } = open({ lingerMs: 1e6 });
  const first = queue.push([message('a', 9000)]);
  void queue.push([message('b', 9000)]);
  await first;
  expect(sent).toEqual(['a']);
});

it('cuts a record that is larger than a group, and resolves once all of it is sent', async () => {
  const { queue, sent } = open({});
  await queue.push(['a', 'b', 'c', 'd'].map((text) => message(text, 4000)));
  expect(sent).toEqual(['ab', 'cd']);
});

it('has no more groups under way than it may, and keeps the order of those that wait', async () => {
  const release: (() => void)[] = [];
  let most = 0;
  const order: string[] = [];
  const { queue } = open({
    groupBytes: 50,
    send: (group) => {
      order.push(group.map(textOf).join(''));
      most = Math.max(most, release.length + 1);
      return new Promise((resolve) => release.push(resolve));
    },
  });
  const pushes = ['a', 'b', 'c', 'd'].map((text) => queue.push([message(text, 60)]));
  while (release.length > 0) {
    release.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(pushes);
  expect(order).toEqual(['a', 'b', 'c', 'd']);
  expect(most).toBe(2);
});

it('refuses with log_full what it has no memory for, and takes it later', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { queue } = open({ queueBytes: 200, send: () => gate });
  const first = queue.push([message('a', 100)]);
  await expect(queue.push([message('b', 100)])).rejects.toMatchObject({ code: 'log_full' });
  release();
  await first;
  await queue.idle();
  await queue.push([message('b', 100)]);
});

it('refuses those that wait behind a send that failed, instead of failing them one after another', async () => {
  const { queue, sent } = open({
    inFlight: 1,
    groupBytes: 50,
    send: async (group) => {
      sent.push(group.map(textOf).join(''));
      throw new Error('away');
    },
  });
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((text) => queue.push([message(text, 60)])));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  expect(sent).toEqual(['a']);
  expect(queue.bytes()).toBe(0);
});

it('sends what is too large together in halves, and gives back what is too large alone', async () => {
  const sent: string[] = [];
  const { queue } = open({
    isTooLarge: () => true,
    send: async (group) => {
      if (group.length > 2 || group.some((placed) => textOf(placed) === 'b')) throw new Error('too large');
      sent.push(group.map(textOf).join(''));
    },
  });
  const pushed = await Promise.all(
    ['axe', 'ob', 'cat'].map((text) => queue.push([...text].map((one) => message(one)))),
  );
  expect(pushed.map((tooLarge) => tooLarge.map(textOf))).toEqual([[], ['b'], []]);
  expect(sent.join('')).toBe('axeocat');
  expect(queue.bytes()).toBe(0);
});
