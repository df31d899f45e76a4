import type { LiveEvent } from '../live/live-message.ts';
import type { LiveWarehouse } from '../live/live-warehouse.ts';

/** A warehouse in memory, for tests. */
export interface FakeWarehouse extends LiveWarehouse {
  /** Newest first. */
  events: LiveEvent[];
  /** Adds events, the last one as the newest. */
  add(...events: LiveEvent[]): void;
  /** How many readings there were. */
  reads: number;
  /** While set, every query rejects with it. */
  failure: Error | undefined;
}

/** An event with the given fields, else of one anonymous visitor. */
export function fakeEvent(fields: Partial<LiveEvent> & { id: string }): LiveEvent {
  return {
    event: 'add_to_cart',
    type: 'track',
    timestamp: 0,
    receivedAt: 0,
    userId: '',
    anonymousId: 'visitor-1',
    sessionId: 'session-1',
    path: '/shop',
    properties: {},
    traits: {},
    columns: {},
    ...fields,
  };
}

/** Creates an empty one. */
export function createFakeWarehouse(): FakeWarehouse {
  function read<T>(give: () => T): Promise<T> {
    return fake.failure ? Promise.reject(fake.failure) : Promise.resolve(give());
  }
  const fake: FakeWarehouse = {
    events: [],
    reads: 0,
    failure: undefined,
    add(...events) {
      fake.events.unshift(...events.reverse());
    },
    eventsPerSecond() {
      fake.reads += 1;
      return read(() =>
        tally(fake.events, (event) => Math.floor(event.receivedAt / 1000)).map(([second, events]) => ({
          second,
          events: events.length,
        })),
      );
    },
    totals: () => read(() => ({ events: fake.events.length, people: peopleIn(fake.events) })),
    countsByEvent: (limit) =>
      read(() =>
        tally(fake.events, (event) => event.event)
          .map(([event, events]) => ({ event, events: events.length, people: peopleIn(events) }))
          .sort((a, b) => b.events - a.events)
          .slice(0, limit),
      ),
    recentEvents: (limit) => read(() => fake.events.slice(0, limit)),
  };
  return fake;
}

function tally<Key>(events: LiveEvent[], keyOf: (event: LiveEvent) => Key): [Key, LiveEvent[]][] {
  const groups = new Map<Key, LiveEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups];
}

function peopleIn(events: LiveEvent[]): number {
  return new Set(events.map((event) => event.userId || event.anonymousId)).size;
}
