import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';
import type { LookedAt } from './looked-at.ts';

export interface DuplicatesResult {
  /** Events that arrived again in the range, and were dropped as they were there already. */
  repeated: number;
  /** Events whose id another event had; they are among the rejected ones. */
  conflicting: number;
  /** Of all that arrived: accepted, repeated and conflicting; null where nothing did. */
  repeatedShare: number | null;
  /** Quarters of an hour with repetitions, the oldest first; of more than 2,000 the newest. */
  intervals: { start: string; repeated: number }[];
}

/** How many repetitions were recognised, by the time of their arrival; each record of the log counts once. */
export async function answerDuplicates({ run, scope, range }: LookedAt): Promise<DuplicatesResult> {
  const values = { project_id: scope.projectId, ...range };
  const [arrived] = await run.query<{ row_count: number }>(sqlFile('data-quality/accepted', {}, values));
  const rows = await run.query<{ start: number; repeated: number; total: number }>(
    sqlFile('data-quality/duplicates', {}, values),
  );
  const [conflicts] = await run.query<{ row_count: number }>(sqlFile('data-quality/conflicts', {}, values));
  const accepted = arrived?.row_count ?? 0;
  const repeated = rows[0]?.total ?? 0;
  const conflicting = conflicts?.row_count ?? 0;
  const all = accepted + repeated + conflicting;
  return {
    repeated,
    conflicting,
    repeatedShare: all > 0 ? Number((repeated / all).toPrecision(4)) : null,
    intervals: rows
      .sort((a, b) => a.start - b.start)
      .map((row) => ({ start: isoIn(scope.zone, row.start), repeated: row.repeated })),
  };
}
