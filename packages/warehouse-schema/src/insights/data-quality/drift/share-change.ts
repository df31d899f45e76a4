/** So many of so many rows, now and before. */
export interface Share {
  now: number;
  nowOf: number;
  before: number;
  beforeOf: number;
}

/**
 * So many occurrences would have been expected where there are none: by chance, and if rows did not depend on each other,
 * that happens once in e^10, 22,000 times.
 */
const EXPECTED = 10;
const Z = 5;

/** Occurs, and would have been seen before if it had been as frequent then. */
export function hasAppeared({ now, nowOf, before, beforeOf }: Share): boolean {
  return before === 0 && now > 0 && (now / nowOf) * beforeOf >= EXPECTED;
}

/** Occurred, and would be seen now if it still were as frequent. */
export function hasVanished({ now, nowOf, before, beforeOf }: Share): boolean {
  return hasAppeared({ now: before, nowOf: beforeOf, before: now, beforeOf: nowOf });
}

/**
 * Whether a share differs by two points of a hundred or more, and by five standard errors (two proportions, pooled).
 */
export function hasChanged({ now, nowOf, before, beforeOf }: Share): boolean {
  if (nowOf === 0 || beforeOf === 0) return false;
  const difference = now / nowOf - before / beforeOf;
  const pooled = (now + before) / (nowOf + beforeOf);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / nowOf + 1 / beforeOf));
  return Math.abs(difference) >= 0.02 && Math.abs(difference) >= Z * error;
}
