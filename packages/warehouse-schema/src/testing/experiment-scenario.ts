import { makeEventRow } from './make-event-row.ts';
import { makeExposureRow } from './make-exposure-row.ts';
import type { StandInPhase } from './stand-in-dictionaries.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
export const HOUR_MS = DAY_MS / 24;
/** 23:30 of a day, so that half an hour later another one begins. */
export const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 4 * DAY_MS - HOUR_MS / 2;
const ENDED = START + DAY_MS;

export type Row = ReturnType<typeof makeEventRow>;
type Over = Partial<Row>;
let n = 0;
const id = () => `m${String(++n).padStart(4, '0')}`;
const v7 = (order: number) => `0198a1b2-c3d4-7000-8000-00000000000${order}`;

/** An event of a visitor, `ms` after the start. */
const event = (unit: string, ms: number, over: Over = {}): Row =>
  makeEventRow(++n, { anonymous_id: unit, timestamp: START + ms, message_id: id(), ...over });
const order = (unit: string, ms: number, revenue: number, over: Over = {}): Row =>
  event(unit, ms, { event: 'order', revenue, ...over });
/** An exposure of a visitor to phase 1 of `price`, `ms` after the start. */
export const expose = (unit: string, variant: string, ms: number, over: Over = {}, more: object = {}): Row =>
  makeExposureRow(++n, { unit, variant, ...more }, { timestamp: START + ms, message_id: id(), ...over });

/** Everything that happened, with each pitfall once. */
export const ROWS: Row[] = [
  // Of the control, six: two convert, one of them twice.
  expose('c1', 'control', 0, { session_id: 's1' }),
  event('c1', 1000, { event: '$page', session_id: 's1' }),
  order('c1', 5000, 10, { session_id: 's1' }),
  order('c1', 2 * HOUR_MS, 20, { session_id: 's2' }),
  expose('c2', 'control', 10),
  // A conversion of before the exposure is none, and neither is one of the very same millisecond...
  order('c2', 9, 99),
  order('c2', 10, 99),
  // ...unless the same SDK numbered it later.
  expose('c3', 'control', 20, { message_id: v7(2) }),
  order('c3', 20, 7, { message_id: v7(3), library: 'millrace-browser' }),
  order('c3', 20, 99, { message_id: v7(1), library: 'millrace-browser' }),
  order('c3', 20, 99, { message_id: v7(4), library: 'millrace-node' }),
  // At the end of the phase it is over.
  expose('c4', 'control', 30),
  order('c4', DAY_MS, 99),
  // A refund brings in less, and converts nobody. So does an event that only says what it is worth.
  expose('c5', 'control', 40),
  order('c5', 50, -3),
  event('c5', 60, { properties: { value: 3 } }),
  // Sees the other variant later, and again the first.
  expose('c6', 'control', 50),
  expose('c6', 'treatment', 60),
  expose('c6', 'control', 70),
  // Of the treatment, four: three convert, one by each rule.
  expose('t1', 'treatment', 100, { session_id: 's3' }),
  event('t1', 200, { event: 'conversion', session_id: 's3' }),
  expose('t2', 'treatment', 100),
  event('t2', 200, { properties: { conversion: true } }),
  // Its exposure came late, after its conversion: what counts is the clock of both.
  order('t3', 5000, 30, { event: 'subscribed' }),
  expose('t3', 'treatment', 100),
  expose('t4', 'treatment', 100, {}, { reason: 'sticky' }),
  event('t4', 200, { properties: { conversion: 'yes' } }),
  // Nobody: bots, trials, rules, another environment, and who came after the end.
  expose('bot', 'treatment', 0, { is_bot: true }),
  order('bot', 10, 99, { is_bot: true }),
  expose('tester', 'treatment', 0, {}, { reason: 'forced' }),
  order('tester', 10, 99),
  expose('vip', 'treatment', 0, {}, { reason: 'targeted' }),
  order('vip', 10, 99),
  expose('staging', 'treatment', 0, {}, { environment: 'staging' }),
  order('staging', 10, 99),
  expose('late', 'treatment', DAY_MS),
  order('late', DAY_MS + 1, 99),
  // Never exposed, or in another project.
  order('stranger', 10, 99),
  expose('c1', 'treatment', 0, { project_id: 2 }),
  order('c1', 10, 99, { project_id: 2 }),
  // The next phase, with other weights: c1 is in the other variant there. What it does then counts there alone.
  expose('c1', 'treatment', DAY_MS + 1000, {}, { phase: 2 }),
  order('c1', DAY_MS + 2000, 40),
  // Other ids: the user of two devices, a company, and a unit of the site's own.
  expose('ada', 'control', 0, { anonymous_id: 'phone' }, { experiment: 'by-user', unitType: 'userId' }),
  order('laptop', 100, 1, { user_id: 'ada' }),
  order('phone', 200, 99, { user_id: 'eve' }),
  expose('acme', 'control', 0, { anonymous_id: 'x1' }, { experiment: 'by-group', unitType: 'groupId' }),
  order('x2', 100, 2, { group_id: 'acme' }),
  expose('seat-7', 'control', 0, { anonymous_id: 'x3' }, { experiment: 'by-seat', unitType: 'seat' }),
  order('x3', 100, 3),
  order('x4', 100, 99),
];

const SHARES = [
  { start: 0, end: 6000, variant: 'control' },
  { start: 6000, end: 8000, variant: 'treatment' },
];

/** The definitions of the experiment `price`; the others have none. */
export const PHASES: StandInPhase[] = [
  { experiment: 'price', ended_at_ms: ENDED, variants: SHARES },
  { experiment: 'price', phase: 2, variants: SHARES },
];
