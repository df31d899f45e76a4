/** A row as the oracle sees it: when it was, and whether it is of a step or an exclusion. */
export interface OracleRow {
  time: number;
  steps: boolean[];
  exclusions: boolean[];
}

export interface OracleFunnel {
  order: 'ordered' | 'strict' | 'unordered';
  stepCount: number;
  window: number;
  within: (number | undefined)[];
  exclusions: { after: number; before: number }[];
  /** Entries lie before it. */
  entryEnd: number;
}

export interface OracleAnswer {
  level: number;
  times: number[];
  excluded: boolean;
}

type Chain = OracleRow[];

/** The answer by trying every chain of rows: slow, and as plain as the definition. */
export function funnelOracle(rows: readonly OracleRow[], funnel: OracleFunnel): OracleAnswer {
  if (funnel.order === 'unordered') return unordered(rows, funnel);
  const chains = allChains(rows, funnel);
  const level = Math.max(0, ...chains.map((chain) => chain.length));
  if (level === 0) return { level: 0, times: [], excluded: false };
  const furthest = chains.filter((chain) => chain.length === level);
  if (funnel.exclusions.length === 0) return { level, times: firstOf(furthest), excluded: false };
  // What lies between both its steps spoils a chain; one that stopped in between is judged by the last try.
  const clean = furthest.filter((chain) => !spoiled(chain, rows, funnel, true));
  if (clean.length === 0) return { level: 0, times: [], excluded: true };
  if (level === funnel.stepCount) return { level, times: firstOf(clean), excluded: false };
  const last = latest(clean);
  const excluded = spoiled(last, rows, funnel, false);
  return { level: excluded ? 0 : level, times: excluded ? [] : last.map(({ time }) => time), excluded };
}

function allChains(rows: readonly OracleRow[], funnel: OracleFunnel): Chain[] {
  const found: Chain[] = [];
  const grow = (chain: Chain): void => {
    if (chain.length > 0 && (funnel.order === 'ordered' || isStrict(chain, rows))) found.push(chain);
    if (chain.length === funnel.stepCount) return;
    for (const row of rows) if (!chain.includes(row) && fits(chain, row, funnel)) grow([...chain, row]);
  };
  grow([]);
  return found;
}

function fits(chain: Chain, row: OracleRow, { window, within, entryEnd }: OracleFunnel): boolean {
  if (!row.steps[chain.length]) return false;
  const [first, last] = [chain[0], chain.at(-1)];
  if (!first || !last) return row.time < entryEnd;
  const gap = row.time - last.time;
  return (
    gap >= 0 && gap <= (within[chain.length] ?? Number.POSITIVE_INFINITY) && row.time - first.time <= window
  );
}

/** Rows of the first and the last moment may be put outside; those between must all be of the chain. */
function isStrict(chain: Chain, rows: readonly OracleRow[]): boolean {
  const [from, to] = [chain[0]?.time ?? 0, chain.at(-1)?.time ?? 0];
  return rows.every((row) => row.time <= from || row.time >= to || chain.includes(row));
}

function spoiled(chain: Chain, rows: readonly OracleRow[], funnel: OracleFunnel, whole: boolean): boolean {
  return funnel.exclusions.some(({ after, before }, index) => {
    const from = chain[after - 1]?.time;
    const to = chain[before - 1]?.time;
    if (from === undefined || (to !== undefined) !== whole) return false;
    const end = to ?? (chain[0]?.time ?? 0) + funnel.window + 1;
    return rows.some((row) => row.exclusions[index] && row.time > from && row.time < end);
  });
}

/** The times of the chain that ends first; of several, of the one whose steps are the latest. */
function firstOf(chains: Chain[]): number[] {
  const end = (chain: Chain) => chain.at(-1)?.time ?? 0;
  const first = Math.min(...chains.map(end));
  return latest(chains.filter((chain) => end(chain) === first)).map(({ time }) => time);
}

function latest(chains: Chain[]): Chain {
  return chains.reduce((best, chain) => {
    for (let k = chain.length - 1; k >= 0; k--) {
      const difference = (chain[k]?.time ?? 0) - (best[k]?.time ?? 0);
      if (difference !== 0) return difference > 0 ? chain : best;
    }
    return best;
  });
}

/**
 * A try begins at a row of a step, and has as many steps as rows within its window allow. Of who did all steps, a try
 * counts that has them without anything excluded strictly between its first moment and its last; the others are judged
 * by the last try that got so far.
 */
function unordered(rows: readonly OracleRow[], funnel: OracleFunnel): OracleAnswer {
  const { stepCount, window, entryEnd } = funnel;
  const stepsWithin = (from: number, to: number) =>
    mostSteps(
      rows.filter(({ time }) => time >= from && time <= to),
      0,
      stepCount,
    );
  const starts = rows
    .filter(({ time, steps }) => time < entryEnd && steps.includes(true))
    .map(({ time }) => time)
    .sort((a, b) => a - b);
  const levels = starts.map((time) => stepsWithin(time, time + window));
  const level = Math.max(0, ...levels);
  const furthest = starts.filter((_, index) => levels[index] === level);
  const excludedAfter = (time: number) =>
    Math.min(
      ...rows.filter((row) => row.time > time && row.exclusions.includes(true)).map((row) => row.time),
    );
  const [first] = furthest;
  if (first === undefined) return { level: 0, times: [], excluded: false };
  if (funnel.exclusions.length === 0) return { level, times: [first], excluded: false };
  const last = furthest.at(-1) ?? first;
  const clean =
    level === stepCount
      ? furthest.find((time) => stepsWithin(time, Math.min(time + window, excludedAfter(time))) === stepCount)
      : excludedAfter(last) > last + window
        ? last
        : undefined;
  if (clean === undefined) return { level: 0, times: [], excluded: true };
  return { level, times: [clean], excluded: false };
}

function mostSteps(rows: readonly OracleRow[], step: number, stepCount: number): number {
  if (step === stepCount) return 0;
  const without = mostSteps(rows, step + 1, stepCount);
  return rows.reduce((most, row) => {
    if (!row.steps[step] || most === stepCount - step) return most;
    return Math.max(
      most,
      1 +
        mostSteps(
          rows.filter((one) => one !== row),
          step + 1,
          stepCount,
        ),
    );
  }, without);
}
