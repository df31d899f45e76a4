import type { EventRow } from '@millrace/warehouse-schema';
import { createGenerationCache } from '../generation-cache.ts';
import { type EnrichStep, stringAt } from './enrich-step.ts';

type CampaignColumns = Pick<
  EventRow,
  'utm_source' | 'utm_medium' | 'utm_campaign' | 'utm_term' | 'utm_content'
>;

const FIELDS: readonly [column: keyof CampaignColumns, inContext: string][] = [
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_campaign', 'name'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
];

const cache = createGenerationCache<CampaignColumns>(2_000);

function fromQuery(search: string): CampaignColumns {
  const columns: CampaignColumns = {};
  const query = new URLSearchParams(search);
  for (const [column] of FIELDS) {
    const value = query.get(column);
    if (value) columns[column] = value;
  }
  return columns;
}

/** The `utm_*` columns: of `context.campaign` if it names any, else of the page's query. */
export const campaign: EnrichStep = (row, { context }) => {
  let named = false;
  if (context.campaign) {
    for (const [column, key] of FIELDS) {
      const value = stringAt(context.campaign, key);
      if (value === undefined) continue;
      row[column] = value;
      named = true;
    }
  }
  if (!named && row.search?.includes('utm_')) Object.assign(row, cache.get(row.search, fromQuery));
};
