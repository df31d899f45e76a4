/** The middle one. */
export const median = (values) => quantile(values, 0.5);

/** The value that the share `q` of them does not exceed. */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const round = (value, digits = 1) => Number(value.toFixed(digits));

/** Least and greatest, as text: what a median is worth on a machine that others use. */
export const spread = (values, digits = 1) =>
  `${round(Math.min(...values), digits)} to ${round(Math.max(...values), digits)}`;

/** The slope of the line that lies best through `points` of `[x, y]`. */
export function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
