import type { WireEvent } from '@millrace/core';
import { describe, expect, it } from 'vitest';
import { generateTraffic, type TrafficOptions } from './traffic.ts';

const DAY_MS = 24 * 3_600_000;
const to = Date.UTC(2026, 10, 20, 12);
const options: TrafficOptions = {
  seed: 'millrace',
  from: to - 14 * DAY_MS,
  to,
  events: 30_000,
  origin: 'http://localhost:3500',
};
const events = [...generateTraffic(options)];

function count(test: (event: WireEvent) => boolean): number {
  return events.filter(test).length;
}

const named = (name: string) => count((event) => event.event === name);

describe('generateTraffic', () => {
  it('makes the same events for the same options, and others for another seed', () => {
    expect([...generateTraffic({ ...options, events: 2_000 })]).toEqual([
      ...generateTraffic({ ...options, events: 2_000 }),
    ]);
    const [other] = generateTraffic({ ...options, seed: 'other' });
    expect(other).not.toEqual(events[0]);
  });

  it('makes exactly as many as asked, in order, within the time, each with its own id', () => {
    expect(events).toHaveLength(30_000);
    expect(new Set(events.map((event) => event.messageId)).size).toBe(30_000);
    const times = events.map((event) => event.timestamp);
    expect(times).toEqual([...times].sort());
    expect(Date.parse(times[0] ?? '')).toBeGreaterThanOrEqual(options.from);
    expect(Date.parse(times.at(-1) ?? '')).toBeLessThan(to);
  });

  it.each([1, 7, 100])('makes %i events over a minute', (wanted) => {
    expect([...generateTraffic({ ...options, from: to - 60_000, events: wanted })]).toHaveLength(wanted);
  });

  it('is as busy at the beginning of a short time as at its end', () => {
    const from = to - 300_000;
    const live = [...generateTraffic({ ...options, from, events: 3_000 })];
    const minute = (event: WireEvent) => Math.floor((Date.parse(event.timestamp) - from) / 60_000);
    const parts = [0, 1, 2, 3, 4].map((part) => live.filter((event) => minute(event) === part).length);
    for (const part of parts) expect(part).toBeGreaterThan(400);
    for (const part of parts) expect(part).toBeLessThan(900);
  });

  it('shares its people but not its ids with another time of the same seed', () => {
    const later = [...generateTraffic({ ...options, from: to, to: to + DAY_MS, events: 3_000 })];
    const ids = new Set(events.map((event) => event.messageId));
    const people = new Set(events.map((event) => event.anonymousId));
    expect(later.filter((event) => ids.has(event.messageId))).toEqual([]);
    expect(later.filter((event) => people.has(event.anonymousId)).length).toBeGreaterThan(1_000);
  });
});

describe('the traffic is believable', () => {
  it('narrows from step to step of the funnel', () => {
    const steps = ['product_viewed', 'add_to_cart', 'checkout_started', 'order_completed'].map(named);
    const [viewed = 0, added = 0, started = 0, ordered = 0] = steps;
    expect(viewed).toBeGreaterThan(added);
    expect(added).toBeGreaterThan(started);
    expect(started).toBeGreaterThan(ordered);
    expect(ordered).toBeGreaterThan(0);
  });

  it('converts between 1 and 6 of 100 sessions', () => {
    const sessions = new Set(events.map((event) => event.sessionId)).size;
    expect(named('order_completed') / sessions).toBeGreaterThan(0.01);
    expect(named('order_completed') / sessions).toBeLessThan(0.06);
  });

  it('has visitors who come again, some with another device', () => {
    const sessions = new Map<string, Set<string>>();
    const devices = new Map<string, Set<string>>();
    for (const event of events) {
      add(sessions, event.anonymousId ?? '', event.sessionId ?? '');
      if (event.userId) add(devices, event.userId, event.anonymousId ?? '');
    }
    const again = [...sessions.values()].filter((of) => of.size > 1).length / sessions.size;
    expect(again).toBeGreaterThan(0.15);
    expect(again).toBeLessThan(0.6);
    expect([...devices.values()].some((of) => of.size > 1)).toBe(true);
  });

  it('is busier in the evening than at night', () => {
    const hour = (event: WireEvent) => new Date(event.timestamp).getUTCHours();
    expect(count((event) => hour(event) === 19)).toBeGreaterThan(5 * count((event) => hour(event) === 2));
  });

  it('names the campaign on the landing page alone', () => {
    const landed = events.filter((event) => event.context?.campaign);
    const share = landed.length / new Set(events.map((event) => event.sessionId)).size;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.5);
    expect(landed.every((event) => event.context?.page?.url?.includes('utm_source='))).toBe(true);
  });

  it('identifies who orders, before the order', () => {
    for (const order of events.filter((event) => event.event === 'order_completed')) {
      const identify = events.find(
        (event) => event.type === 'identify' && event.sessionId === order.sessionId,
      );
      expect(identify?.userId).toBe(order.userId);
      expect(identify?.traits?.email).toContain('@example.com');
    }
  });

  it('earns what the ordered products cost', () => {
    for (const { properties } of events.filter((event) => event.event === 'order_completed')) {
      const products = properties?.products as { price: number; quantity: number }[];
      const sum = products.reduce((total, { price, quantity }) => total + price * quantity, 0);
      expect(properties?.revenue).toBeCloseTo(sum, 2);
    }
  });

  it('has a few bots, which never buy', () => {
    const bots = events.filter((event) => /bot|Headless/i.test(event.context?.userAgent ?? ''));
    expect(bots.length / events.length).toBeGreaterThan(0.002);
    expect(bots.length / events.length).toBeLessThan(0.05);
    expect(bots.every((event) => event.type === 'page')).toBe(true);
  });
});

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}
