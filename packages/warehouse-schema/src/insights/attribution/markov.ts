/** How often a step was seen; channels are 1 to `channels`. */
interface Transition {
  /** A channel, or `START`. */
  source: number;
  /** A channel, `CONVERTED` or `LOST`. */
  target: number;
  times: number;
}

const START = 0;
const CONVERTED = 255;

/**
 * The removal effect of each channel in the first-order Markov chain of the paths (Anderl, Becker, von Wangenheim and
 * Schumann 2016, "Mapping the customer journey"): the share of conversions that is lost when whoever would come to the
 * channel is lost instead, 1 - P(conversion without it) / P(conversion). 0 for all without conversions.
 */
export function removalEffects(transitions: readonly Transition[], channels: number): number[] {
  const size = channels + 1;
  const steps = Array.from({ length: size }, () => new Float64Array(size));
  const converting = new Float64Array(size);
  const leaving = new Float64Array(size);
  for (const { source, times } of transitions) leaving[source] = (leaving[source] ?? 0) + times;
  for (const { source, target, times } of transitions) {
    const probability = times / (leaving[source] as number);
    if (target === CONVERTED) converting[source] = probability;
    else if (target < size) (steps[source] as Float64Array)[target] = probability;
  }
  const all = conversionProbability(steps, converting, undefined);
  return Array.from({ length: channels }, (_, index) =>
    all === 0 || leaving[index + 1] === 0
      ? 0
      : Math.max(0, 1 - conversionProbability(steps, converting, index + 1) / all),
  );
}

/**
 * P(conversion from the start): solves x = steps x + converting by elimination. Every state that was seen leads to an
 * end, so that no pivot is 0.
 */
function conversionProbability(
  steps: readonly Float64Array[],
  converting: Float64Array,
  removed: number | undefined,
): number {
  const states = [...steps.keys()].filter((state) => state !== removed).reverse();
  const rows = states.map((state) =>
    Float64Array.from([
      ...states.map((other) => (other === state ? 1 : 0) - (steps[state]?.[other] ?? 0)),
      converting[state] ?? 0,
    ]),
  );
  // The start comes last, and needs no substitution backwards.
  for (const [index, pivot] of rows.entries()) {
    for (const row of rows.slice(index + 1)) {
      const factor = (row[index] ?? 0) / (pivot[index] ?? 1);
      if (factor === 0) continue;
      for (let column = index; column < row.length; column++)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  const start = rows.at(-1) as Float64Array;
  return (start.at(-1) ?? 0) / (start[START + states.length - 1] ?? 1);
}
