/** A row as the oracle sees it: when it was, and what it counts as. */
export interface OracleRow {
  time: number;
  /** Decides between two of one moment. */
  id: string;
  isStart: boolean;
  isReturn: boolean;
  /** Whether it might have been the first start. */
  isCandidate: boolean;
}

export interface OracleRetention {
  cohort: 'every_time' | 'first_time' | 'first_ever';
  /** Where the intervals begin, and at last where the last one ends. */
  bounds: number[];
  from: number;
  to: number;
  periods: number;
  /** Of a rolling period; without it, periods are intervals. */
  periodMs: number | undefined;
  unbounded: boolean;
  minimum: number;
}

/** For one person: the cohorts by their number, each with whether the person was retained from period 0 on. */
export function retentionOracle(
  rows: readonly OracleRow[],
  question: OracleRetention,
): Map<number, boolean[]> {
  const { bounds, from, to, periods, periodMs, unbounded, minimum } = question;
  const intervalOf = (time: number): number => bounds.filter((bound) => bound <= time).length - 1;
  const found = new Map<number, boolean[]>();
  for (const start of startsOf(rows, question)) {
    if (start.time < from || start.time >= to) continue;
    const cohort = intervalOf(start.time);
    // Rows come in order: the first start of an interval is the one that counts.
    if (found.has(cohort)) continue;
    const returnsIn = (period: number): number =>
      rows.filter(({ time, isReturn }) => {
        if (!isReturn) return false;
        if (periodMs === undefined) return intervalOf(time) === cohort + period;
        return time >= start.time + period * periodMs && time < start.time + (period + 1) * periodMs;
      }).length;
    const enough = Array.from({ length: periods + 1 }, (_, period) => returnsIn(period) >= minimum);
    found.set(cohort, unbounded ? enough.map((_, period) => enough.slice(period).some(Boolean)) : enough);
  }
  return found;
}

function startsOf(rows: readonly OracleRow[], { cohort }: OracleRetention): OracleRow[] {
  const starts = rows.filter(({ isStart }) => isStart);
  if (cohort === 'every_time') return starts;
  const first = starts[0];
  const candidate = rows.find(({ isCandidate }) => isCandidate);
  return first && first === candidate ? [first] : [];
}
