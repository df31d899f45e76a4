/** For tests: a touch or a conversion, time in milliseconds. `channel` or `value` says which. */
export interface OracleRow {
  time: number;
  channel?: number;
  value?: number;
}

/** A row for each conversion, and for the touches that led to none. */
export interface OraclePath {
  converted: boolean;
  value: number;
  at: number;
  touches: { time: number; channel: number }[];
}

/** The paths of one person: conversion after conversion, touch after touch. */
export function oraclePaths(
  rows: readonly OracleRow[],
  { from, lookback, gap }: { from: number; lookback: number; gap: number },
): OraclePath[] {
  const touches = rows
    .flatMap(({ time, channel }) => (channel === undefined ? [] : [{ time, channel }]))
    .sort((a, b) => a.time - b.time || a.channel - b.channel);
  const conversions = rows.filter(({ time, value }) => value !== undefined && time >= from);
  const between = (start: number, end: number) => {
    const inside = touches.filter(({ time }) => time >= start && time <= end);
    return inside.filter((touch, index) => {
      const before = inside[index - 1];
      return !before || before.channel !== touch.channel || touch.time - before.time > gap;
    });
  };
  const paths = conversions.map(({ time, value = 0 }) => ({
    converted: true,
    value,
    at: time,
    touches: between(time - lookback, time),
  }));
  const after = Math.max(from, ...conversions.map(({ time }) => time + 1));
  const end = touches.at(-1)?.time;
  if (end !== undefined && end >= after)
    paths.push({
      converted: false,
      value: 0,
      at: end,
      touches: between(Math.max(after, end - lookback), end),
    });
  return paths;
}

/** What each model but Markov and Shapley gives each touch of a path. */
export function oracleWeights({ touches, at }: OraclePath, halfLife: number, direct: number) {
  const n = touches.length;
  const one = (wanted: number) => touches.map((_, index) => (index === wanted ? 1 : 0));
  const shares = (weights: number[]) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  };
  const other = touches.map(({ channel }) => channel !== direct).lastIndexOf(true);
  const ends = touches.map((_, index) => (index === 0 || index === n - 1 ? 0.4 : 0.2 / (n - 2)));
  return {
    first: one(0),
    last: one(n - 1),
    lastNonDirect: one(other < 0 ? n - 1 : other),
    linear: shares(touches.map(() => 1)),
    position: shares(ends),
    decay: shares(touches.map(({ time }) => 0.5 ** ((at - time) / halfLife))),
  };
}

/** Shapley values by the definition: the mean of what a player adds, over every order in which they could come. */
export function shapleyByOrders(players: readonly number[], worth: (coalition: Set<number>) => number) {
  const sums = new Map(players.map((player) => [player, 0]));
  let orders = 0;
  const visit = (coalition: Set<number>, gains: [number, number][]) => {
    if (coalition.size === players.length) {
      orders += 1;
      for (const [player, gain] of gains) sums.set(player, (sums.get(player) ?? 0) + gain);
    }
    for (const player of players.filter((one) => !coalition.has(one))) {
      const larger = new Set([...coalition, player]);
      visit(larger, [...gains, [player, worth(larger) - worth(coalition)]]);
    }
  };
  visit(new Set(), []);
  return new Map([...sums].map(([player, sum]) => [player, sum / orders]));
}

/** The chance of a conversion without a channel, by walking the chain of all steps again and again. */
export function convertingChance(paths: readonly OraclePath[], without: number | undefined): number {
  const steps = countSteps(paths.filter(({ touches }) => touches.length > 0));
  let walkers = new Map([['start', 1]]);
  let converted = 0;
  for (let round = 0; round < 2000; round++) {
    const moved = new Map<string, number>();
    for (const [state, share] of walkers) {
      const next = steps.get(state) ?? new Map<string, number>();
      const all = [...next.values()].reduce((a, b) => a + b, 0);
      for (const [target, times] of next) moved.set(target, (moved.get(target) ?? 0) + (share * times) / all);
    }
    converted += moved.get('yes') ?? 0;
    for (const end of ['yes', 'no', String(without)]) moved.delete(end);
    walkers = moved;
  }
  return converted;
}

function countSteps(paths: readonly OraclePath[]): Map<string, Map<string, number>> {
  const steps = new Map<string, Map<string, number>>();
  for (const { converted, touches } of paths) {
    const states = ['start', ...touches.map(({ channel }) => String(channel)), converted ? 'yes' : 'no'];
    for (const [index, state] of states.slice(0, -1).entries()) {
      const next = steps.get(state) ?? new Map<string, number>();
      const target = states[index + 1] as string;
      steps.set(state, next.set(target, (next.get(target) ?? 0) + 1));
    }
  }
  return steps;
}
