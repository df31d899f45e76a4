import { describe, expect, it } from 'vitest';
import { createFakeWarehouse, type FakeWarehouse, fakeEvent } from '../testing/fake-warehouse.ts';
import type { LiveMessage } from './live-message.ts';
import { createLivePoller, type LivePoller } from './poller.ts';
import type { Subscription } from './subscription.ts';

interface Setup {
  warehouse: FakeWarehouse;
  poller: LivePoller;
  /** Lets the poller read once more, and resolves when it waits again. */
  turn(): Promise<void>;
  /** Resolves when the poller waits. */
  idle(): Promise<void>;
  waits: number[];
}

function setUp(): Setup {
  const warehouse = createFakeWarehouse();
  const waits: number[] = [];
  let release: (() => void) | undefined;
  let onWait: (() => void) | undefined;
  const idle = () =>
    new Promise<void>((resolve) => {
      if (release) resolve();
      else onWait = resolve;
    });
  const poller = createLivePoller({
    warehouse,
    clock: () => 1_000_000,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        waits.push(ms);
        const done = () => {
          release = undefined;
          resolve();
        };
        release = done;
        signal.addEventListener('abort', done);
        onWait?.();
        onWait = undefined;
      }),
  });
  return {
    warehouse,
    poller,
    waits,
    idle,
    turn() {
      release?.();
      return idle();
    },
  };
}

async function nextOf(subscription: Subscription): Promise<LiveMessage> {
  const message = await subscription.next();
  if (!message) throw new Error('the subscription is closed');
  return message;
}

const idsOf = (message: LiveMessage) => message.events.map((event) => event.id);

describe('the poller', () => {
  it('reads nothing before someone listens', async () => {
    const { warehouse } = setUp();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warehouse.reads).toBe(0);
  });

  it('reads once for all listeners', async () => {
    const { warehouse, poller, idle, turn } = setUp();
    const all = Array.from({ length: 20 }, () => poller.subscribe());
    await idle();
    await turn();
    expect(warehouse.reads).toBe(2);
    for (const subscription of all) expect((await nextOf(subscription)).figures?.at).toBe(1_000_000);
  });

  it('stops with the last listener, and begins again with the next', async () => {
    const { warehouse, poller, idle } = setUp();
    const first = poller.subscribe();
    const second = poller.subscribe();
    await idle();
    first.close();
    second.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warehouse.reads).toBe(1);
    const third = poller.subscribe();
    await nextOf(third);
    expect(warehouse.reads).toBe(2);
    third.close();
  });

  it('gives a listener the last events first, then only new ones', async () => {
    const { warehouse, poller, idle, turn } = setUp();
    warehouse.add(fakeEvent({ id: '1' }), fakeEvent({ id: '2' }));
    const early = poller.subscribe();
    await idle();
    expect(idsOf(await nextOf(early))).toEqual(['2', '1']);

    warehouse.add(fakeEvent({ id: '3' }));
    await turn();
    expect(idsOf(await nextOf(early))).toEqual(['3']);

    const late = poller.subscribe();
    expect(idsOf(await nextOf(late))).toEqual(['3', '2', '1']);
    warehouse.add(fakeEvent({ id: '4' }));
    await turn();
    expect(idsOf(await nextOf(early))).toEqual(['4']);
    expect(idsOf(await nextOf(late))).toEqual(['4']);
  });

  it('merges what a slow listener missed, without losing events', async () => {
    const { warehouse, poller, idle, turn } = setUp();
    const slow = poller.subscribe();
    await idle();
    for (const id of ['1', '2', '3']) {
      warehouse.add(fakeEvent({ id }));
      await turn();
    }
    const message = await nextOf(slow);
    expect(idsOf(message)).toEqual(['3', '2', '1']);
    expect(message.figures?.totals.events).toBe(3);
  });

  it('says when the warehouse does not answer, waits longer, and brings what arrived meanwhile', async () => {
    const { warehouse, poller, idle, turn, waits } = setUp();
    const listener = poller.subscribe();
    await idle();
    await nextOf(listener);
    warehouse.failure = new Error('connect ECONNREFUSED');
    await turn();
    const trouble = await nextOf(listener);
    expect(trouble.trouble).toContain('connect ECONNREFUSED');
    expect(trouble.figures).toBeUndefined();
    expect(waits).toEqual([250, 1000]);

    warehouse.failure = undefined;
    warehouse.add(fakeEvent({ id: '1' }));
    await turn();
    const back = await nextOf(listener);
    expect(back.trouble).toBeUndefined();
    expect(idsOf(back)).toEqual(['1']);
  });

  it('ends all subscriptions when it closes', async () => {
    const { poller, idle } = setUp();
    const listener = poller.subscribe();
    await idle();
    await nextOf(listener);
    const next = listener.next();
    poller.close();
    expect(await next).toBeUndefined();
  });
});
