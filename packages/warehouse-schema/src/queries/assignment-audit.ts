import type { WarehouseClient } from '../client.ts';
import { runQuery } from './run-query.ts';

/** What the audit of assignments says of one version of an SDK. */
export interface AssignmentAuditRow {
  library: string;
  library_version: string;
  /** Exposures that the draw decided. */
  split: number;
  /** Those whose variant the definitions do not give. */
  mismatches: number;
  /** Kinds of mismatches, the most frequent first, by the names of the view `assignment_audit`. */
  problems: string[];
}

/**
 * Recomputes the variant of every exposure since `since` (Unix milliseconds), by SDK and version.
 * @throws Error where ClickHouse does not have the dictionaries of the definitions, or cannot read them.
 */
export function auditAssignments(
  client: WarehouseClient,
  params: { since: number },
): Promise<AssignmentAuditRow[]> {
  return runQuery<typeof params, AssignmentAuditRow>(client, 'assignment-audit', params);
}
