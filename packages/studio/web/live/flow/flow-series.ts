const MEAN_SECONDS = 5;
// A second counts as over once what arrived in its last moments has had time to become visible.
const SETTLE_MS = 500;

/** Events per second now: the mean of the last five seconds, the current one included. */
export function meanRate(perSecond: number[]): number {
  const last = perSecond.slice(-MEAN_SECONDS);
  return last.reduce((sum, count) => sum + count, 0) / MEAN_SECONDS;
}

/** Points of the chart: the middle of each second in Unix seconds, and its events. */
export type FlowSeries = [xs: number[], ys: number[]];

/**
 * The points of the last seconds at server time `at`. The current second, and the one before until it has
 * settled, are left out unless they already hold more than the second before: a line that dips at its end
 * because a second is not over would lie.
 */
export function flowSeries(perSecond: number[], at: number): FlowSeries {
  const current = Math.floor(at / 1000);
  const first = current - perSecond.length + 1;
  const xs = perSecond.map((_, index) => first + index + 0.5);
  const ys = [...perSecond];
  const unsettled = at - current * 1000 < SETTLE_MS ? 2 : 1;
  for (let left = unsettled; left > 0; left -= 1) {
    const last = ys.at(-1) ?? 0;
    const before = ys.at(-2) ?? 0;
    if (last > before) break;
    xs.pop();
    ys.pop();
  }
  return [xs, ys];
}

/** A round upper end for the axis, at least 4, with room above the highest point. */
export function axisTop(ys: number[]): number {
  const peak = Math.max(...ys, 0) * 1.15;
  if (peak <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(peak));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= peak) ?? 10;
  return step * power;
}
