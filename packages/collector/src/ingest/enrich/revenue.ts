import type { EnrichStep } from './enrich-step.ts';

/** A finite number, given as one or as text such as "12.50". */
function numberLike(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** `revenue` and `currency` from properties; anything that is no amount stays a property only. */
export const revenue: EnrichStep = (row, { properties }) => {
  const amount = numberLike(properties.revenue);
  if (amount !== undefined) row.revenue = amount;
  const { currency } = properties;
  if (typeof currency === 'string' && /^[a-z]{3}$/i.test(currency)) row.currency = currency.toUpperCase();
};
