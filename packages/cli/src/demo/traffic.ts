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
/** Longer than most visits last. */
const LEAD_MS = 10 * 60_000;
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
  const inside = slots.filter((slot) => slot.to > from).reduce((sum, slot) => sum + slot.weight, 0);
  let weight = 0;
  let made = 0;
  let kept = 0;
  const pending: WireEvent[] = [];

  for (const slot of slots) {
    weight += slot.weight;
    const isLast = slot === slots.at(-1);
    while (kept < events && (made < (events * weight) / inside || isLast)) {
      const startMs = slot.from + Math.floor(random.next() * (slot.to - slot.from));
      const session = makeSession({ visitor: nextVisitor(startMs), startMs, origin, random });
      made += session.length;
      const within = session.filter(({ timestamp }) => {
        const time = Date.parse(timestamp);
        return time >= from && time < to;
      });
      pending.push(...within.slice(0, events - kept));
      kept = Math.min(events, kept + within.length);
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

/** Slots from a while before `from`, so that at `from` visits are under way already. */
function makeSlots(from: number, to: number, random: SeededRandom): Slot[] {
  const count = Math.max(1, Math.ceil((to - from) / Math.min(SLOT_MS, Math.max(1_000, (to - from) / 50))));
  const length = (to - from) / count;
  const before = Math.ceil(LEAD_MS / length);
  return Array.from({ length: before + count }, (_, index) => {
    const start = Math.round(from + (index - before) * length);
    return {
      from: start,
      to: Math.round(from + (index - before + 1) * length),
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
