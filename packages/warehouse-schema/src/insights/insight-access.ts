import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';
import type { FindCohort } from './cohorts/read-cohort.ts';
import { InsightError, type InsightErrorCode } from './insight-error.ts';
import { type RenderedSql, renderSql, type Sql } from './sql/sql.ts';

/** Who asks, of which project, within which limits. */
export interface InsightAccess {
  /** Should be the reader's. */
  client: WarehouseClient;
  projectId: number;
  /** Of one query. @default 20 */
  maxSeconds?: number;
  /** Of one query; must lie within what the user may ask for. @default the user's own limit */
  maxMemoryBytes?: number;
  /** Ends a query at the server that ran over its time. */
  kill?: (queryId: string) => Promise<void>;
  /** Cancels the question, at the server too. */
  signal?: AbortSignal;
  /** The definition of a stored cohort of the project; undefined where there is none. */
  findCohort?: FindCohort;
  /** @default Date.now */
  now?: () => number;
}

/** Runs a query and gives its rows; `written` gets it as it was sent. */
export type RunQuery = <Row>(query: Sql, written?: (rendered: RenderedSql) => void) => Promise<Row[]>;

/** Runs queries within the limits. What runs over its time, or is given up, is killed at the server. */
export function openWarehouse(access: InsightAccess): RunQuery {
  const { client, maxSeconds = 20, maxMemoryBytes, kill, signal } = access;
  return async <Row>(query: Sql, written?: (rendered: RenderedSql) => void) => {
    const rendered = renderSql(query);
    written?.(rendered);
    const queryId = randomUUID();
    // A second of grace, so that where ClickHouse keeps the limit itself, its own error is the answer.
    const overTime = AbortSignal.timeout((maxSeconds + 1) * 1000);
    try {
      return await client.query<Row>(rendered.sql, {
        params: rendered.params,
        queryId,
        settings: {
          max_execution_time: maxSeconds,
          ...(maxMemoryBytes !== undefined && { max_memory_usage: maxMemoryBytes }),
        },
        signal: signal ? AbortSignal.any([signal, overTime]) : overTime,
      });
    } catch (error) {
      const code = codeOf(error, overTime, signal);
      if (code === 'too_slow' || code === 'cancelled') await kill?.(queryId);
      throw new InsightError(code, words(code, error, maxSeconds));
    }
  };
}

const BY_CLICKHOUSE_CODE: Record<string, InsightErrorCode> = {
  '159': 'too_slow',
  '160': 'too_slow',
  '201': 'too_slow',
  '202': 'warehouse_unavailable',
  '241': 'out_of_memory',
  '243': 'out_of_memory',
  '394': 'cancelled',
  // A query that says itself that it cannot be answered now.
  '395': 'warehouse_unavailable',
  '396': 'out_of_memory',
  '516': 'warehouse_unavailable',
};

function codeOf(error: unknown, overTime: AbortSignal, caller: AbortSignal | undefined): InsightErrorCode {
  if (caller?.aborted) return 'cancelled';
  if (overTime.aborted) return 'too_slow';
  if (!(error instanceof Error && 'type' in error && 'code' in error)) return 'warehouse_unavailable';
  return BY_CLICKHOUSE_CODE[String(error.code)] ?? 'insight_failed';
}

function words(code: InsightErrorCode, error: unknown, maxSeconds: number): string {
  const said = error instanceof Error ? error.message.replace(/\s*\(version [^)]*\)\s*$/, '') : String(error);
  switch (code) {
    case 'too_slow':
      return `The question took more than ${maxSeconds} seconds and was stopped. Ask about a shorter range or fewer events.`;
    case 'out_of_memory':
      return 'The question needs more memory than it may have. Ask about a shorter range or fewer events.';
    case 'cancelled':
      return 'The question was cancelled.';
    case 'warehouse_unavailable':
      return `ClickHouse does not answer: ${said}`;
    default:
      return `ClickHouse refused the query: ${said}`;
  }
}
