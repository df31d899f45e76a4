/**
 * A table that is filled from `events`: how to compare it with `events`, and how to make a part of it
 * anew. The statements are in `queries/rollups/<file>.{compare,rebuild}.sql`.
 */
export interface Rollup {
  /** The table. */
  name: string;
  file: string;
  /** Whose day decides which rows belong together: the event's own time, or that of its arrival. */
  dayOf: 'timestamp' | 'received_at';
  /** By a materialized view, with each insert; or by a job, later, and not over shards. */
  filledBy: 'view' | 'job';
  /** The partition that a UTC day (`2026-11-21`) is in, as a number. */
  partitionOf(day: string): number;
  /** Expressions of its rows that are ids of people as they came: rows that name a person who is deleted go. */
  ids?: readonly string[];
}

/** Every table that is filled from `events`. */
export const ROLLUPS: readonly Rollup[] = [
  { name: 'events_15m', file: 'events-15m', dayOf: 'timestamp', filledBy: 'view', partitionOf: monthOf },
  {
    name: 'message_ids',
    file: 'message-ids',
    dayOf: 'received_at',
    filledBy: 'view',
    partitionOf: (day) => Number(day.replaceAll('-', '')),
  },
  {
    name: 'exposures',
    file: 'exposures',
    dayOf: 'timestamp',
    filledBy: 'view',
    partitionOf: monthOf,
    ids: ['unit', 'finalizeAggregation(first_seen).distinct_id'],
  },
  {
    name: 'identity_links',
    file: 'identity-links',
    dayOf: 'timestamp',
    filledBy: 'view',
    partitionOf: monthOf,
    ids: ['from_id', 'to_id'],
  },
  {
    name: 'activity_daily',
    file: 'activity-daily',
    dayOf: 'timestamp',
    filledBy: 'job',
    partitionOf: monthOf,
  },
];

const FIRST_MONTH = 201001;
const LAST_MONTH = 203512;

function monthOf(day: string): number {
  const month = Number(day.slice(0, 7).replace('-', ''));
  return Math.min(Math.max(month, FIRST_MONTH), LAST_MONTH);
}
