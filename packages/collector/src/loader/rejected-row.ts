import type { RejectedRow } from '@millrace/warehouse-schema';
import type { RecordMeta } from '../log/record.ts';

/** Whose event it is, and when it came; known without a look at the row. */
export interface Origin {
  projectId: number;
  messageId: string;
  receivedAt: number;
}

/** The origin of event `index` of a record; rejected rows, which come after the events, have no id. */
export function originOf({ projectId, receivedAt, marks }: RecordMeta, index: number): Origin {
  return { projectId, receivedAt, messageId: marks[index]?.[0] ?? '' };
}

/** The row of `rejected_events` for a row that is not loaded; the payload is that row. */
export function rejectedRow(
  line: Buffer,
  { projectId, messageId, receivedAt }: Origin,
  why: Pick<RejectedRow, 'reason' | 'detail' | 'field' | 'rejection_id'>,
): Buffer {
  const payload = line.toString('utf8').trimEnd();
  const row: Omit<RejectedRow, 'retention_days'> & { retention_days?: number } = {
    project_id: projectId,
    message_id: messageId,
    received_at: receivedAt,
    ...retentionOf(payload),
    ...why,
    payload,
  };
  return Buffer.from(JSON.stringify(row));
}

// What could not be inserted may not even be JSON; the table has a default.
function retentionOf(payload: string): { retention_days?: number } {
  try {
    const { retention_days: days } = JSON.parse(payload) as { retention_days?: unknown };
    return Number.isInteger(days) && Number(days) > 0 && Number(days) < 65_536
      ? { retention_days: Number(days) }
      : {};
  } catch {
    return {};
  }
}
