import { type AssignmentAuditRow, auditAssignments, createWarehouseClient } from '@millrace/warehouse-schema';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const QUERY_TIMEOUT_MS = 8_000;

/** Whether the variants that SDKs gave are those that the definitions give, by version of the SDK, over the last week. */
export const assignments: Check = {
  name: 'assignments',
  async look({ installation, run, now }) {
    // ClickHouse reads the definitions from the database that runs with it.
    if (!run) return [ok('not looked at while nothing runs')];
    let client: ReturnType<typeof createWarehouseClient> | undefined;
    try {
      const { admin } = await installation.warehouse();
      client = createWarehouseClient({ ...admin, requestTimeoutMs: QUERY_TIMEOUT_MS });
      return judge(await auditAssignments(client, { since: now() - WEEK_MS }));
    } catch (error) {
      return [
        warning(
          `the variants of experiments cannot be recomputed: ${error instanceof Error ? error.message : error}`,
          'start Millrace, which lets ClickHouse read the definitions (docs/experiments-sql.md)',
        ),
      ];
    } finally {
      await client?.close();
    }
  },
};

/** What is said of an audit. */
export function judge(rows: readonly AssignmentAuditRow[]): Finding[] {
  const findings = rows
    .filter(({ mismatches }) => mismatches > 0)
    .map(({ library, library_version, split, mismatches, problems }) =>
      problem(
        `${[library, library_version].filter(Boolean).join(' ') || 'an unnamed SDK'}: ${mismatches} of ${split} exposures of the last 7 days have another variant than the definitions give (${problems.join(', ')})`,
        "SELECT * FROM assignment_audit WHERE NOT matches, and docs/experiments-sql.md; leave that SDK's version out of results",
      ),
    );
  if (findings.length > 0) return findings;
  const split = rows.reduce((sum, row) => sum + row.split, 0);
  return [
    ok(
      split === 0
        ? 'no exposures in the last 7 days'
        : `all ${split} variants drawn in the last 7 days are those that the definitions give`,
    ),
  ];
}
