/** The models that look at one path alone, in the order in which `figures.sql` gives them. */
export const RULES = ['first', 'last', 'lastNonDirect', 'linear', 'position', 'decay', 'shapley'] as const;

/** Every model of an answer. */
export const MODELS = [...RULES, 'markov'] as const;
export type Model = (typeof MODELS)[number];

/**
 * Parts that add up to a total exactly, each at most one unit away from what it was: in units of a millionth (larger
 * ones where a double could not count so many), by the largest remainder; of equal ones the first gets more.
 * Parts that are all 0 stay so.
 */
export function roundParts(parts: readonly number[], total: number): number[] {
  const greatest = Math.max(Math.abs(total), ...parts.map(Math.abs));
  if (parts.every((part) => part === 0) || !Number.isFinite(greatest)) return [...parts];
  let scale = 1e6;
  while (greatest * scale * parts.length > 2 ** 52) scale /= 10;
  const units = parts.map((part) => Math.floor(part * scale));
  // To the thousandth of a unit, so that the noise of a sum of doubles decides nothing.
  const rest = parts.map((part, index) => Math.round((part * scale - (units[index] ?? 0)) * 1000));
  let missing = Math.round(total * scale) - units.reduce((sum, unit) => sum + unit, 0);
  const order = [...parts.keys()].sort((a, b) => (rest[b] ?? 0) - (rest[a] ?? 0) || a - b);
  for (let n = 0; missing !== 0; n++) {
    const index = order[missing > 0 ? n % order.length : order.length - 1 - (n % order.length)] as number;
    const step = Math.sign(missing);
    units[index] = (units[index] ?? 0) + step;
    missing -= step;
  }
  return units.map((unit) => unit / scale);
}
