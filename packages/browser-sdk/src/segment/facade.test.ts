import { describe, expect, it, vi } from 'vitest';
import { createNotedClient } from '../testing/noted-client.ts';
import { segmentFacade, segmentOptions } from './index.ts';

function setUp() {
  const { client, calls } = createNotedClient();
  const visitor: { userId?: string; groupId?: string } = {};
  const facade = segmentFacade({ ...client, ids: () => ({ anonymousId: 'a1', ...visitor }) });
  return { facade, calls, visitor };
}

const options = { integrations: { All: true } };
const callback = () => {};

describe("arguments in Segment's order", () => {
  it.each<[string, unknown[], unknown[]]>([
    ['track', ['A', { a: 1 }, options, callback], ['track', 'A', { a: 1 }]],
    ['track', ['A'], ['track', 'A']],
    ['track', ['A', callback], ['track', 'A']],
    ['track', ['A', { a: 1 }, callback], ['track', 'A', { a: 1 }]],
    ['track', ['A', undefined, options], ['track', 'A']],
    ['identify', ['u', { a: 1 }, options, callback], ['identify', 'u', { a: 1 }]],
    ['identify', [7], ['identify', 7, {}]],
    ['identify', [{ a: 1 }, options], ['identify', { a: 1 }]],
    ['identify', [null, { a: 1 }], ['identify', { a: 1 }]],
    ['page', ['C', 'N', { a: 1 }, options, callback], ['page', 'C', 'N', { a: 1 }]],
    ['page', ['N', { a: 1 }], ['page', 'N', { a: 1 }]],
    ['page', [{ a: 1 }], ['page', { a: 1 }]],
    ['page', [null, 'N'], ['page', 'N', {}]],
    ['page', [], ['page', {}]],
    ['screen', ['N', { a: 1 }], ['page', 'N', { a: 1 }]],
    ['group', ['g', { a: 1 }, options], ['group', 'g', { a: 1 }]],
    ['alias', ['new', 'old', options, callback], ['alias', 'new', 'old']],
    ['alias', ['new', callback], ['alias', 'new']],
  ])('%s(%j)', (method, args, expected) => {
    const { facade, calls } = setUp();
    (facade[method as 'page'] as (...given: unknown[]) => unknown)(...args);
    expect(calls).toEqual([expected]);
  });
});

describe('callbacks and events', () => {
  it('calls back and resolves with the context, after the call has returned', async () => {
    const { facade } = setUp();
    const order: string[] = [];
    const promise = facade.track('A', {}, {}, (context) => order.push(`called ${'event' in context}`));
    order.push('returned');
    expect(await promise).toEqual({ event: undefined });
    expect(order).toEqual(['returned', 'called true']);
  });

  it('tells listeners what Segment tells them, once only those that asked for it', async () => {
    const { facade } = setUp();
    const news: unknown[][] = [];
    const note = (...args: unknown[]) => void news.push(args);
    facade.on('track', note).once('identify', note).on('page', note).on('alias', note).on('reset', note);
    void facade.track('A', { a: 1 }, options);
    void facade.identify('u1', { b: 2 });
    void facade.identify('u1', { b: 2 });
    void facade.page('C', 'N', { c: 3 });
    void facade.alias('new', 'old');
    facade.reset();
    facade.off('track', note);
    void facade.track('B');
    await Promise.resolve();
    expect(news).toEqual([
      ['A', { a: 1 }, options],
      ['u1', { b: 2 }, {}],
      ['C', 'N', { c: 3 }, {}],
      ['new', 'old', {}],
      [],
    ]);
  });

  it('is ready at once', async () => {
    const called = vi.fn();
    await setUp().facade.ready(called);
    expect(called).toHaveBeenCalledOnce();
  });
});

describe('user() and group()', () => {
  it('say who it is and what was learned of them', () => {
    const { facade, visitor } = setUp();
    visitor.userId = 'u1';
    void facade.identify('u1', { a: 1 });
    void facade.identify({ b: 2 });
    expect([facade.user().id(), facade.user().anonymousId(), facade.user().traits()]).toEqual([
      'u1',
      'a1',
      { a: 1, b: 2 },
    ]);
    void facade.identify('u2', { c: 3 });
    expect(facade.user().traits()).toEqual({ c: 3 });
    void facade.group('g1', { seats: 3 });
    visitor.groupId = 'g1';
    expect([facade.group().id(), facade.group().traits()]).toEqual(['g1', { seats: 3 }]);
    facade.reset();
    expect([facade.user().traits(), facade.group().traits()]).toEqual([{}, {}]);
  });
});

describe('segmentOptions', () => {
  /** A facade whose client makes its event as ours does: at once, through `enrich`. */
  function enriched() {
    const events: Record<string, unknown>[] = [];
    const make = (type: string): void => {
      const event = { type, messageId: `m${events.length}`, anonymousId: 'a1', context: { locale: 'de' } };
      segmentOptions(event);
      events.push(event);
    };
    const { client } = createNotedClient();
    const own = { track: () => make('track'), page: () => make('page'), ids: () => ({}) };
    return { facade: segmentFacade({ ...client, ...own }), events, make };
  }

  it('give an event the options of its call, and the caller the event', async () => {
    const { facade, events } = enriched();
    const at = new Date(1_700_000_000_000);
    const given = { context: { app: 'x' }, timestamp: at, anonymousId: 'a2', userId: 'u2', integrations: {} };
    const { event } = await facade.track('A', {}, given);
    expect(event).toMatchObject({ messageId: 'm0' });
    expect(events).toEqual([
      {
        type: 'track',
        messageId: 'm0',
        anonymousId: 'a2',
        userId: 'u2',
        timestamp: at.toISOString(),
        context: { locale: 'de', app: 'x' },
      },
    ]);
  });

  it('make a screen of a screen, and touch no other event', () => {
    const { facade, events, make } = enriched();
    void facade.screen('Home', {}, { timestamp: 'never' } as object);
    make('track');
    const untouched = { anonymousId: 'a1', context: { locale: 'de' } };
    expect(events).toEqual([
      { type: 'screen', messageId: 'm0', ...untouched },
      { type: 'track', messageId: 'm1', ...untouched },
    ]);
  });
});
