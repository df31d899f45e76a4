import type { Columns } from './enrich-step.ts';

/** The fields of `context.campaign`. */
export type CampaignTexts = [
  source: string | undefined,
  medium: string | undefined,
  name: string | undefined,
  term: string | undefined,
  content: string | undefined,
];

const COLUMNS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

/** The `utm_*` columns: of `context.campaign` if it names any, else of the page's query. */
export function campaignColumns(campaign: CampaignTexts, search: string): Columns {
  const named = campaign.some((text) => text !== undefined);
  const query = named || !search.includes('utm_') ? undefined : new URLSearchParams(search);
  const columns: Columns = {};
  for (const [index, column] of COLUMNS.entries()) {
    const value = named ? campaign[index] : query?.get(column);
    if (value) columns[column] = value;
  }
  return columns;
}
