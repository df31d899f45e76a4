import { ROLLUPS } from '../rollups/rollups.ts';

/** A table with rows that hold ids of people, besides `events` and `rejected_events`. */
export interface PersonTable {
  name: string;
  /** Expressions of its rows that are such ids. */
  ids: readonly string[];
}

/** Tables that are not filled from `events` and hold ids of people. */
const OTHERS: readonly PersonTable[] = [
  { name: 'person_override_versions', ids: ['distinct_id', 'latest.person_id'] },
  { name: 'cohort_members', ids: ['distinct_id'] },
  { name: 'person_numbers', ids: ['distinct_id'] },
];

/** Every table whose rows go by the id that they hold. */
export const PERSON_TABLES: readonly PersonTable[] = [
  ...ROLLUPS.flatMap(({ name, ids }) => (ids ? [{ name, ids }] : [])),
  ...OTHERS,
];

/** Every table whose old parts may hold what was deleted. */
export const TOUCHED_TABLES: readonly string[] = [
  'events',
  'rejected_events',
  ...ROLLUPS.map(({ name }) => name),
  ...OTHERS.map(({ name }) => name),
];

/** Tables that hold nothing of people, or what is dropped at a deletion's end. */
export const IMPERSONAL_TABLES: readonly string[] = [
  'schema_migrations',
  'person_runs',
  'person_number_overrides',
  'activity_progress',
  'dropped_duplicates',
  'rollup_backfills',
  'suppressed_ids',
  'person_deletions',
  'person_deletion_ids',
];
