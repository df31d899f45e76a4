/** A row as the oracle sees it. */
export interface OracleRow {
  time: number;
  id: string;
  person: string;
  session: string;
  name: string;
  isStep: boolean;
  isStart: boolean;
  isEnd: boolean;
  converts: boolean;
  revenue: number;
}

export interface OracleJourneys {
  from: number;
  to: number;
  window: number | undefined;
  hasStart: boolean;
  hasEnd: boolean;
  collapse: boolean;
  /** How many are shown. */
  steps: number;
}

export interface OracleJourney {
  person: string;
  names: string[];
  times: number[];
  /** Of the first that is shown. */
  level: number;
  stepCount: number;
  conversion: { steps: number; ms: number } | undefined;
  revenue: number;
}

/** The journey of one session, or of one person, row by row as docs/insights.md words it; undefined where there is none. */
export function journeyOracle(rows: readonly OracleRow[], asked: OracleJourneys): OracleJourney | undefined {
  const { from, to, window, hasStart, hasEnd, steps } = asked;
  const sorted = [...rows].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const backward = hasEnd && !hasStart;
  const inRange = ({ time }: OracleRow) => time >= from && time < to;
  const isAnchor = (row: OracleRow) => row.isStep && (backward ? row.isEnd : row.isStart || !hasStart);
  const anchor = sorted.find((row) => isAnchor(row) && (window === undefined || inRange(row)));
  if (!anchor || !inRange(anchor)) return undefined;
  const at = sorted.indexOf(anchor);
  const near = (row: OracleRow) => window === undefined || Math.abs(row.time - anchor.time) <= window;
  let journey = (backward ? sorted.slice(0, at + 1) : sorted.slice(at)).filter(near);
  if (backward) journey = journey.slice(journey.findIndex(({ isStep }) => isStep));
  if (hasEnd && !backward) {
    const end = journey.findIndex((row, index) => index > 0 && row.isStep && row.isEnd);
    if (end === -1) return undefined;
    journey = journey.slice(0, end + 1);
  }
  const all = stepsOf(journey, asked.collapse);
  const shown = backward ? all.slice(-steps) : all.slice(0, steps);
  const converted = journey.findIndex(({ converts }) => converts);
  const last = sorted[sorted.length - 1] as OracleRow;
  return {
    // A session is the person's whose row is its last.
    person: last.person,
    names: shown.map(({ name }) => name),
    times: shown.map(({ time }) => time),
    level: backward ? 1 - shown.length : 1,
    stepCount: all.length,
    conversion:
      converted === -1
        ? undefined
        : {
            steps: stepsOf(journey.slice(0, converted + 1), asked.collapse).length,
            ms: (journey[converted]?.time ?? 0) - (journey[0]?.time ?? 0),
          },
    revenue: journey.reduce((sum, { revenue }) => sum + revenue, 0),
  };
}

function stepsOf(journey: readonly OracleRow[], collapse: boolean): OracleRow[] {
  const steps: OracleRow[] = [];
  for (const row of journey) {
    if (row.isStep && !(collapse && steps.at(-1)?.name === row.name)) steps.push(row);
  }
  return steps;
}
