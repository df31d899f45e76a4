import type { ReadJourneys } from './journeys-question.ts';
import type {
  FiguresRow,
  GraphRow,
  JourneyConversion,
  JourneyEdge,
  JourneyNode,
  NodeRow,
  StepName,
  Travellers,
} from './journeys-result.ts';
import { END, MORE, OTHER } from './step-names.ts';

/** What each id is called. */
export type Names = ReadonlyMap<number, string>;

const ALL = 0;

/** Of each level, from the first on, the ids of the steps that stand apart: those of most people; equal ones by name. */
export function topNodes(rows: readonly NodeRow[], names: Names, levels: number[], top: number): number[][] {
  return levels.map((level) =>
    rows
      .filter((row) => row.level === level)
      .sort((a, b) => compareRanked(a, b, names.get(a.node) ?? '', names.get(b.node) ?? ''))
      .slice(0, top)
      .map(({ node }) => node),
  );
}

export function showLevels(
  rows: readonly GraphRow[],
  names: Names,
  { backward, end }: ReadJourneys,
): { level: number; nodes: JourneyNode[] }[] {
  const levels = [...new Set(rows.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const here = rows.filter((row) => row.level === level);
    const onward = (node: number, next: number) => here.find((row) => row.node === node && row.next === next);
    const nodes = here
      .filter(({ next }) => next === ALL)
      .map((row): JourneyNode => {
        const more = onward(row.node, MORE);
        return {
          ...nameOf(row.node, names),
          ...travellers(row),
          ...(end.length === 0 && { droppedOff: travellers(onward(row.node, END)) }),
          ...(more && !backward && { goesOn: travellers(more) }),
        };
      })
      .sort(byRank);
    return { level, nodes };
  });
}

export function showEdges(rows: readonly GraphRow[], names: Names): JourneyEdge[] {
  return rows
    .filter(({ next }) => next !== ALL && next !== END && next !== MORE)
    .map(({ level, node, next, median_ms, ...row }) => ({
      level,
      from: nameOf(node, names),
      to: nameOf(next, names),
      ...travellers(row),
      medianMs: median_ms,
    }))
    .sort(
      (a, b) =>
        a.level - b.level ||
        compareRanked(a, b, a.from.name ?? '', b.from.name ?? '') ||
        compareText(a.to.name ?? '', b.to.name ?? ''),
    );
}

export function showConversion(row: FiguresRow | undefined): JourneyConversion {
  const journeys = row?.journeys ?? 0;
  const value = row?.value ?? 0;
  // ClickHouse says NaN, and JSON null, of the average of nothing; quantiles of nothing are told by the count.
  const some = (figure: number | null | undefined) => (row?.converted ? (figure ?? null) : null);
  return {
    people: row?.converted_people ?? 0,
    journeys: row?.converted ?? 0,
    rate: journeys === 0 ? null : (row?.converted ?? 0) / journeys,
    steps: { average: some(row?.average_steps), median: some(row?.median_steps) },
    time: { averageMs: some(row?.average_ms), medianMs: some(row?.median_ms), p90Ms: some(row?.p90_ms) },
    value: { total: value, perJourney: journeys === 0 ? null : value / journeys },
  };
}

/** Those of most people first, then of most journeys, then by name. */
export function compareRanked(a: Travellers, b: Travellers, nameOfA: string, nameOfB: string): number {
  return b.people - a.people || b.journeys - a.journeys || compareText(nameOfA, nameOfB);
}

export function travellers(row: Travellers | undefined): Travellers {
  return { people: row?.people ?? 0, journeys: row?.journeys ?? 0 };
}

const byRank = (a: JourneyNode, b: JourneyNode): number =>
  Number(a.other) - Number(b.other) || compareRanked(a, b, a.name ?? '', b.name ?? '');

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nameOf(node: number, names: Names): StepName {
  return node === OTHER ? { name: null, other: true } : { name: names.get(node) ?? '', other: false };
}
