import { MODELS, type Model, RULES, roundParts } from './models.ts';

/** What a model gives a channel; they add up to the conversions that had a touch, to the millionth. */
interface Credit {
  conversions: number;
  /** With a property of the conversion. */
  value?: number;
}

interface AttributionChannel {
  /** Null for all that do not stand apart. */
  channel: string | null;
  other: boolean;
  /** Conversions with a touch of it, and the people whose they are. */
  touchedConversions: number;
  touchedPeople: number;
  /** The share of conversions that would be lost without it, 0 to 1. */
  removalEffect: number;
  models: Record<Model, Credit>;
}

export interface AttributionResult {
  conversions: number;
  /** Who converted. */
  people: number;
  /** With a property of the conversion. */
  value?: number;
  /** The conversions without a touch. */
  unattributed: Credit;
  channels: AttributionChannel[];
}

/** A row of `figures.sql`. */
export interface FigureRow {
  source: number;
  target: number;
  times: number;
  credits: number[];
  amounts: number[];
  people: number;
  capped_people: number;
  tied: number;
}

/** A channel that stands apart, and its number in the rows. */
export interface StandingChannel {
  name: string;
  number: number;
}

/** A channel's row, as far as it is shown. */
type CreditRow = Pick<FigureRow, 'source' | 'credits' | 'amounts' | 'people'>;

/** `effects`: of each channel by its number, from 1 on. */
export function showAttribution(
  rows: readonly CreditRow[],
  channels: readonly StandingChannel[],
  effects: readonly number[],
  withValue: boolean,
): AttributionResult {
  const totals = rows.find(({ source }) => source === 0);
  const round = (value = 0) => Math.round(value * 1e6) / 1e6;
  const credit = (conversions = 0, value = 0): Credit => ({ conversions, ...(withValue && { value }) });
  const conversions = totals?.credits[0] ?? 0;
  const without = totals?.credits[1] ?? 0;
  const [value, lost] = [round(totals?.amounts[0]), round(totals?.amounts[1])];
  const attributed = round(value - lost);

  // Of a channel whose touches led to no conversion there is no row.
  const none = { credits: [], amounts: [], people: 0 };
  const standing = channels.map(({ name, number }) => ({
    ...none,
    ...rows.find(({ source }) => source === number),
    source: number,
    name,
  }));
  const others = rows.filter(({ source }) => source === 1).map((row) => ({ ...row, name: null }));
  const found: (CreditRow & { name: string | null })[] = [...standing, ...others];
  const effectOf = ({ source }: CreditRow) => effects[source - 1] ?? 0;
  const allEffects = found.reduce((sum, row) => sum + effectOf(row), 0);
  const byModel = MODELS.map((model) => {
    const rule = RULES.indexOf(model as (typeof RULES)[number]) + 1;
    const share = (row: CreditRow) => (allEffects === 0 ? 0 : effectOf(row) / allEffects);
    const parts = (of: 'credits' | 'amounts', total: number) =>
      found.map((row) => (rule > 0 ? (row[of][rule] ?? 0) : share(row) * total));
    return {
      model,
      credits: roundParts(parts('credits', conversions - without), conversions - without),
      amounts: roundParts(parts('amounts', attributed), attributed),
    };
  });
  return {
    conversions,
    people: totals?.people ?? 0,
    ...(withValue && { value }),
    unattributed: credit(without, lost),
    channels: found.map((row, index) => ({
      channel: row.name,
      other: row.name === null,
      touchedConversions: row.credits[0] ?? 0,
      touchedPeople: row.people,
      removalEffect: effectOf(row),
      models: Object.fromEntries(
        byModel.map(({ model, credits, amounts }) => [model, credit(credits[index], amounts[index])]),
      ) as Record<Model, Credit>,
    })),
  };
}
