import type { Columns, EnrichStep } from './enrich-step.ts';

// The column is Decimal(18, 4).
const MAX_REVENUE = 1e14;

const scalarText = (value: unknown): string | undefined =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;

/** `revenue` and `currency` from properties; what is no amount, or too large for one, stays a property only. */
export const revenueStep: EnrichStep<(string | undefined)[]> = {
  read: ({ properties }) => [scalarText(properties.revenue), scalarText(properties.currency)],
  derive(amount, currency) {
    const columns: Columns = {};
    const revenue = amount === undefined || amount.trim() === '' ? Number.NaN : Number(amount);
    if (Math.abs(revenue) < MAX_REVENUE) columns.revenue = Math.round(revenue * 10_000) / 10_000;
    if (currency && /^[a-z]{3}$/i.test(currency)) columns.currency = currency.toUpperCase();
    return columns;
  },
};
