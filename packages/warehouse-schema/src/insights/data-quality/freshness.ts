import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';
import type { EventTotals, LookedAt } from './looked-at.ts';

/** Quantiles of a time in milliseconds, each within 1 %. */
interface Lag {
  p50: number;
  p95: number;
  p99: number;
}

interface EventFreshness {
  /** When the newest event arrived, ISO 8601; null without one. */
  newest: string | null;
  sinceMs: number | null;
  /** 95 of 100 pauses between quarters of an hour with events were at most so long; null where there are none. */
  usualGapMs: number | null;
  longestGapMs: number | null;
  /** `late`: longer silent than ever in the history. `unknown`: fewer than 20 pauses to compare with. */
  state: 'ok' | 'late' | 'unknown';
  /** From the event's own time to its arrival; null where the range has no event. */
  delivery: Lag | null;
  /** From its arrival to its being in the table. */
  load: Lag | null;
}

export interface FreshnessResult {
  overall: EventFreshness;
  events: (EventFreshness & { event: string })[];
}

interface LagRow {
  event: string;
  is_overall: number;
  delivery: number[];
  load: number[];
}

interface PausesRow {
  event: string;
  is_overall: number;
  pause_count: number;
  usual: number;
  longest: number;
}

const WEEK_MS = 604_800_000;
const MIN_PAUSES = 20;
const QUARTER_MS = 900_000;

/** When each event last came, how that compares with its pauses so far, and how long rows are under way. */
export async function answerFreshness(at: LookedAt): Promise<FreshnessResult> {
  const { run, scope, chosen, rollup, names, question, range } = at;
  const found = await run.query<PausesRow>(
    sqlFile('data-quality/pauses', rollup, {
      project_id: scope.projectId,
      history: range.from - (question.history ?? 5) * WEEK_MS,
      to: range.to,
      names,
    }),
  );
  const pauses = new Map(found.map((row) => [row.is_overall ? null : row.event, row]));
  const rows = await run.query<LagRow>(sqlFile('data-quality/lag', { rows: scope.rows({ events: chosen }) }));
  const lags = new Map(rows.map((row) => [row.is_overall ? null : row.event, row]));
  return {
    overall: freshnessOf(at, at.overall, pauses.get(null), lags.get(null)),
    events: at.events.map((one) => ({
      event: one.event,
      ...freshnessOf(at, one, pauses.get(one.event), lags.get(one.event)),
    })),
  };
}

const NO_PAUSES: Pick<PausesRow, 'pause_count' | 'usual' | 'longest'> = {
  pause_count: 0,
  usual: 0,
  longest: 0,
};

function freshnessOf(
  { run, scope }: LookedAt,
  { first, last_received }: Pick<EventTotals, 'first' | 'last_received'>,
  { pause_count, usual, longest } = NO_PAUSES,
  lag: LagRow | undefined,
): EventFreshness {
  const known = first > 0;
  const sinceMs = known ? Math.max(0, run.now - last_received) : null;
  // Pauses are known to the quarter of an hour.
  const isLate = sinceMs !== null && sinceMs > longest * 1000 + QUARTER_MS;
  return {
    newest: known ? isoIn(scope.zone, last_received) : null,
    sinceMs,
    usualGapMs: pause_count > 0 ? usual * 1000 : null,
    longestGapMs: pause_count > 0 ? longest * 1000 : null,
    state: pause_count < MIN_PAUSES ? 'unknown' : isLate ? 'late' : 'ok',
    delivery: lagOf(lag?.delivery),
    load: lagOf(lag?.load),
  };
}

function lagOf(quantiles: readonly number[] = []): Lag | null {
  const [p50, p95, p99] = quantiles.map(Math.round);
  return p50 === undefined || p95 === undefined || p99 === undefined || Number.isNaN(p50)
    ? null
    : { p50, p95, p99 };
}
