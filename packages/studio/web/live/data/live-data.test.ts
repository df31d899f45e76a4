import { describe, expect, it } from 'vitest';
import type { LiveMessage } from '../../../src/live/live-message.ts';
import { fakeEvent } from '../../../src/testing/fake-warehouse.ts';
import { ApiError } from './api.ts';
import { createEventStreamParser } from './event-stream-parser.ts';
import { applyMessage, createLiveStore, initialLiveState } from './live-store.ts';

describe('the parser of server-sent events', () => {
  it('gives whole messages however the stream is cut', () => {
    const stream = 'data: {"a":1}\n\n: comment\n\nevent: x\ndata: one\ndata: two\n\ndata: last';
    for (let size = 1; size <= stream.length; size += 1) {
      const got: string[] = [];
      const parse = createEventStreamParser((data) => got.push(data));
      for (let start = 0; start < stream.length; start += size) parse(stream.slice(start, start + size));
      expect(got, `pieces of ${size}`).toEqual(['{"a":1}', 'one\ntwo']);
    }
  });
});

describe('the state', () => {
  const message = (...ids: string[]): LiveMessage => ({ events: ids.map((id) => fakeEvent({ id })) });

  it('keeps each event once, newest first, 50 at most', () => {
    let state = applyMessage(initialLiveState, message('3', '2', '1'), true, 0);
    state = applyMessage(state, message('5', '4', '3'), false, 0);
    expect(state.events.map((event) => event.id)).toEqual(['5', '4', '3', '2', '1']);
    state = applyMessage(state, message(...Array.from({ length: 60 }, (_, i) => `n${i}`)), false, 0);
    expect(state.events).toHaveLength(50);
  });

  it('marks nothing as new that the first message of a connection brings', () => {
    expect(applyMessage(initialLiveState, message('1'), true, 0).fresh.size).toBe(0);
    expect(applyMessage(initialLiveState, message('1'), false, 0).fresh.has('1')).toBe(true);
  });

  it('keeps the figures while the warehouse is away, and says why', () => {
    const figures = { at: 5 } as NonNullable<LiveMessage['figures']>;
    let state = applyMessage(initialLiveState, { events: [], figures }, true, 2);
    state = applyMessage(state, { events: [], trouble: 'gone' }, false, 3);
    expect(state).toMatchObject({
      figures: { at: 5 },
      trouble: 'gone',
      clockOffsetMs: 3,
      connection: 'live',
    });
    expect(applyMessage(state, { events: [], figures }, false, 5).trouble).toBeNull();
  });
});

describe('the store', () => {
  const answer = (text: string) => new Response(text);

  it('connects again after the server went away', async () => {
    let opened = 0;
    const store = createLiveStore({
      async open() {
        opened += 1;
        if (opened === 1) throw new TypeError('fetch failed');
        return answer('data: {"events":[]}\n\n');
      },
    });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const end = store.subscribe(() => {
        seen.push(store.read().connection);
        if (store.read().connection === 'live') {
          end();
          resolve();
        }
      });
    });
    expect(seen).toEqual(['lost', 'live']);
  });

  it('stops asking where it is refused, until a token is given', async () => {
    let token = '';
    let opened = 0;
    const store = createLiveStore({
      async open() {
        opened += 1;
        if (!token) throw new ApiError(401, 'token_required', 'Send the token.');
        return answer('data: {"events":[]}\n\n');
      },
    });
    const until = (connection: string) =>
      new Promise<void>((resolve) => {
        const end = store.subscribe(() => {
          if (store.read().connection !== connection) return;
          setTimeout(end, 0);
          resolve();
        });
      });
    const denied = until('denied');
    await denied;
    expect(store.read().denial?.wantsToken).toBe(true);
    expect(opened).toBe(1);
    token = 'given';
    const live = until('live');
    store.retry();
    await live;
  });
});
