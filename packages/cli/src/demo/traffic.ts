import type { WireEvent } from '@millrace/core';
import { activity } from './daily-rhythm.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { makeSession } from './session.ts';
import { makeVisitor, type Visitor } from './visitor.ts';

/** What traffic is made from. The same options make the same events, byte for byte. */
export interface TrafficOptions {
  seed: string;
  /** Unix milliseconds; no event is before `from` or at `to` and after. */
  from: number;
  to: number;
  /** How many events. */
  events: number;
  /** Where the shop stands, without a path. */
  origin: string;
}

/** The longest slice of time within which visits are spread evenly. */
const SLOT_MS = 15 * 60_000;
/** How many past visitors may come back. */
const REMEMBERED = 50_000;
const RETURNING_SHARE = 0.42;

/** The events of a shop over a time, in the order of their timestamps; a generator, so that any length fits in memory. */
export function* generateTraffic(options: TrafficOptions): Generator<WireEvent> {
  const { seed, from, to, events, origin } = options;
  // The window is part of the seed: another run makes other events, of the same people.
  const random = createSeededRandom(`${seed}/traffic/${from}/${to}/${events}`);
  const nextVisitor = createVisitors(seed, random);
  const slots = makeSlots(from, to, random);
  const total = slots.reduce((sum, slot) => sum + slot.weight, 0);
  let made = 0;
  let weight = 0;
  const pending: WireEvent[] = [];

  for (const slot of slots) {
    weight += slot.weight;
    const target = slot === slots.at(-1) ? events : Math.floor((events * weight) / total);
    while (made < target) {
      const startMs = slot.from + Math.floor(random.next() * (slot.to - slot.from));
      const session = makeSession({ visitor: nextVisitor(startMs), startMs, origin, random });
      const kept = session.filter((event) => Date.parse(event.timestamp) < to).slice(0, events - made);
      pending.push(...kept);
      made += kept.length;
    }
    pending.sort(byTime);
    const end = new Date(slot.to).toISOString();
    const due = pending.findIndex((event) => event.timestamp >= end);
    yield* pending.splice(0, due < 0 ? pending.length : due);
  }
}

interface Slot {
  from: number;
  to: number;
  weight: number;
}

function makeSlots(from: number, to: number, random: SeededRandom): Slot[] {
  const count = Math.max(1, Math.ceil((to - from) / Math.min(SLOT_MS, Math.max(1_000, (to - from) / 50))));
  const length = (to - from) / count;
  return Array.from({ length: count }, (_, index) => {
    const start = Math.round(from + index * length);
    return {
      from: start,
      to: Math.round(from + (index + 1) * length),
      weight: activity(start) * random.logNormal(1, 0.12),
    };
  });
}

/** Who comes next: someone new, or someone who came before, rather lately than long ago. */
function createVisitors(seed: string, random: SeededRandom): (timeMs: number) => Visitor {
  const recent: Visitor[] = [];
  let made = 0;
  return (timeMs) => {
    if (recent.length > 0 && random.chance(RETURNING_SHARE)) {
      const back = Math.floor(recent.length * random.next() ** 2);
      const visitor = recent[recent.length - 1 - back];
      if (visitor) return visitor;
    }
    const visitor = makeVisitor(seed, made, timeMs);
    made += 1;
    recent.push(visitor);
    if (recent.length > REMEMBERED) recent.splice(0, REMEMBERED / 10);
    return visitor;
  };
}

function byTime(a: WireEvent, b: WireEvent): number {
  if (a.timestamp === b.timestamp) return a.messageId < b.messageId ? -1 : 1;
  return a.timestamp < b.timestamp ? -1 : 1;
}
