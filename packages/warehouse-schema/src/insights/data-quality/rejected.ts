import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';
import type { LookedAt } from './looked-at.ts';

export interface RejectedResult {
  /** Events that arrived in the range and were accepted, and those that were refused; repeated ones are neither. */
  accepted: number;
  rejected: number;
  /** Of both; null where nothing arrived. */
  share: number | null;
  /** The most frequent first; 100 at most. */
  reasons: {
    reason: string;
    /** Which field was wrong; null where the reason names none. */
    field: string | null;
    events: number;
    first: string;
    last: string;
    /** The newest three: what was expected, and the first 500 characters of what came. */
    samples: { receivedAt: string; messageId: string; detail: string; payload: string }[];
  }[];
}

interface RejectedRow {
  reason: string;
  field: string;
  row_count: number;
  total: number;
  first: number;
  last: number;
  samples: [at: number, messageId: string, detail: string, payload: string][];
}

/** What arrived in the range and was refused, why, and how it looked. By the time of arrival. */
export async function answerRejected({ run, scope, range }: LookedAt): Promise<RejectedResult> {
  const values = { project_id: scope.projectId, ...range };
  const [arrived] = await run.query<{ row_count: number }>(sqlFile('data-quality/accepted', {}, values));
  const rows = await run.query<RejectedRow>(sqlFile('data-quality/rejected', {}, values));
  const accepted = arrived?.row_count ?? 0;
  const rejected = rows[0]?.total ?? 0;
  const iso = (ms: number) => isoIn(scope.zone, ms);
  return {
    accepted,
    rejected,
    share: accepted + rejected > 0 ? Number((rejected / (accepted + rejected)).toPrecision(4)) : null,
    reasons: rows.map(({ reason, field, row_count: events, first, last, samples }) => ({
      reason,
      field: field === '' ? null : field,
      events,
      first: iso(first),
      last: iso(last),
      samples: samples.map(([at, messageId, detail, payload]) => ({
        receivedAt: iso(-at),
        messageId,
        detail,
        payload,
      })),
    })),
  };
}
