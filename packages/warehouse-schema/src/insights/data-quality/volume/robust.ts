/** The middle value, between two the mean of both; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Anscombe's root: of a Poisson count it has a variance of 1, whatever the mean (Anscombe 1948). */
export function anscombe(count: number): number {
  return 2 * Math.sqrt(count + 3 / 8);
}

/** From the median absolute deviation to the standard deviation, for normal residuals. */
const MAD_TO_SIGMA = 1.4826;
/** Counts that vary by more than their own size are not told apart. */
const MAX_DISPERSION = 4;

/** The standard deviation of a root residual whose count is expected to be `expected`. */
export function rootSigma(expected: number, dispersion: number, inflation: number): number {
  return Math.sqrt(inflation * (1 + dispersion * expected));
}

/**
 * How much more than a Poisson count a series varies: the dispersion `a` of a negative binomial, whose variance is
 * `mean + a × mean²`, at which the median absolute residual is that of a normal one. 0 where a Poisson count explains all.
 * @param residuals differences of Anscombe's roots of the counts and of what was expected
 */
export function dispersionOf(
  residuals: readonly { expected: number; residual: number }[],
  inflation: number,
): number {
  const spread = (dispersion: number) =>
    MAD_TO_SIGMA *
    median(
      residuals.map(
        ({ expected, residual }) => Math.abs(residual) / rootSigma(expected, dispersion, inflation),
      ),
    );
  if (residuals.length === 0 || !(spread(0) > 1)) return 0;
  let [low, high] = [0, MAX_DISPERSION];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (spread(middle) > 1) low = middle;
    else high = middle;
  }
  return high;
}
