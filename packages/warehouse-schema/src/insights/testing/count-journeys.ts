import type {
  JourneyConversion,
  JourneyEdge,
  JourneyNode,
  JourneysResult,
} from '../journeys/journeys-result.ts';
import type { OracleJourney } from './journey-oracle.ts';

interface Shape {
  steps: number;
  top: number;
  paths: number;
  hasEnd: boolean;
  backward: boolean;
}

/** What the answer should be, by looking at all journeys again for each of its figures. */
export function countJourneys(journeys: readonly OracleJourney[], shape: Shape): JourneysResult {
  const { steps, top, paths, hasEnd, backward } = shape;
  const levels = Array.from({ length: steps }, (_, index) => (backward ? 1 - steps : 1) + index);
  const nameAt = (one: OracleJourney, level: number) => one.names[level - one.level];
  const tops = new Map(
    levels.map((level) => [level, ranked(journeys, (one) => nameAt(one, level)).slice(0, top)]),
  );
  const shownAt = (one: OracleJourney, level: number): string | null | undefined => {
    const name = nameAt(one, level);
    return name === undefined || tops.get(level)?.includes(name) ? name : null;
  };
  const nodes = (level: number): JourneyNode[] =>
    [...(tops.get(level) ?? []), null].flatMap((name) => {
      const here = journeys.filter((one) => shownAt(one, level) === name);
      const last = here.filter((one) => nameAt(one, level + 1) === undefined);
      const more = last.filter((one) => one.stepCount > one.names.length);
      const node: JourneyNode = { name, other: name === null, ...travellers(here) };
      if (!hasEnd) node.droppedOff = travellers(last.filter((one) => !more.includes(one)));
      if (more.length > 0 && !backward) node.goesOn = travellers(more);
      return here.length === 0 ? [] : [node];
    });
  const edges = levels.slice(0, -1).flatMap((level) => {
    const pairs = grouped(journeys, (one) => {
      const [from, to] = [shownAt(one, level), shownAt(one, level + 1)];
      return from === undefined || to === undefined ? undefined : JSON.stringify([from, to]);
    });
    return [...pairs].map(([pair, here]): JourneyEdge => {
      const [from, to] = (JSON.parse(pair) as (string | null)[]).map((name) => ({
        name,
        other: name === null,
      }));
      if (!from || !to) throw new Error(`${pair} is no pair`);
      const gaps = here.map(
        ({ times, level: first }) => (times[level + 1 - first] ?? 0) - (times[level - first] ?? 0),
      );
      return { level, from, to, ...travellers(here), medianMs: quantile(gaps, 0.5) ?? 0 };
    });
  });
  const byPath = (one: OracleJourney) => one.names.join('\0');
  const ways = grouped(journeys, byPath);
  return {
    ...travellers(journeys),
    levels: levels.map((level) => ({ level, nodes: nodes(level) })).filter((one) => one.nodes.length > 0),
    edges,
    paths: ranked(journeys, byPath)
      .slice(0, paths)
      .map((way) => {
        const here = ways.get(way) ?? [];
        return { steps: way.split('\0'), ...travellers(here), conversion: conversionOf(here) };
      }),
    conversion: conversionOf(journeys),
  };
}

function ranked(
  journeys: readonly OracleJourney[],
  keyOf: (one: OracleJourney) => string | undefined,
): string[] {
  return [...grouped(journeys, keyOf)]
    .map(([key, here]) => ({ key, ...travellers(here) }))
    .sort((a, b) => b.people - a.people || b.journeys - a.journeys || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
}

function grouped(
  journeys: readonly OracleJourney[],
  keyOf: (one: OracleJourney) => string | undefined,
): Map<string, OracleJourney[]> {
  const groups = new Map<string, OracleJourney[]>();
  for (const one of journeys) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function travellers(journeys: readonly OracleJourney[]) {
  return { people: new Set(journeys.map(({ person }) => person)).size, journeys: journeys.length };
}

function conversionOf(journeys: readonly OracleJourney[]): JourneyConversion {
  const converted = journeys.filter(({ conversion }) => conversion);
  const steps = converted.map(({ conversion }) => conversion?.steps ?? 0);
  const times = converted.map(({ conversion }) => conversion?.ms ?? 0);
  const total = journeys.reduce((sum, { revenue }) => sum + revenue, 0);
  return {
    ...travellers(converted),
    rate: journeys.length === 0 ? null : converted.length / journeys.length,
    steps: { average: average(steps), median: quantile(steps, 0.5) },
    time: { averageMs: average(times), medianMs: quantile(times, 0.5), p90Ms: quantile(times, 0.9) },
    value: { total, perJourney: journeys.length === 0 ? null : total / journeys.length },
  };
}

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Between the two nearest values, as their places lie. */
function quantile(values: readonly number[], level: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = level * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}
