import { type CampaignTexts, campaignColumns } from './campaign.ts';
import { channelOf } from './channel.ts';
import { type Columns, type EnrichInput, type EnrichStep, stringAt } from './enrich-step.ts';

interface UrlParts {
  hostname: string;
  path: string;
  search: string;
}

const NOTHING: UrlParts = { hostname: '', path: '', search: '' };

/** Host name, path and query of an absolute http(s) URL; empty parts for anything else. */
function splitUrl(url: string): UrlParts {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return NOTHING;
  const { hostname, pathname, search } = new URL(url);
  return { hostname, path: pathname, search };
}

/** A field of `context.page`; for a `page` event also of its properties, where Segment repeats it. */
function pageField({ type, context, properties }: EnrichInput, key: string): string | undefined {
  return stringAt(context.page, key) ?? (type === 'page' ? stringAt(properties, key) : undefined);
}

type PageTexts = [
  url: string | undefined,
  path: string | undefined,
  search: string | undefined,
  title: string | undefined,
  referrer: string | undefined,
  ...campaign: CampaignTexts,
];

/**
 * Where an event happened and what brought the visitor there: `url` and its parts, `title`,
 * `referrer` and its domain, the `utm_*` columns, `channel`. What the client says of its path and
 * query goes before what its URL says.
 */
export const pageStep: EnrichStep<PageTexts> = {
  read: (input) => [
    pageField(input, 'url'),
    pageField(input, 'path'),
    pageField(input, 'search'),
    pageField(input, 'title'),
    pageField(input, 'referrer') ?? stringAt(input.context.referrer, 'url'),
    stringAt(input.context.campaign, 'source'),
    stringAt(input.context.campaign, 'medium'),
    stringAt(input.context.campaign, 'name'),
    stringAt(input.context.campaign, 'term'),
    stringAt(input.context.campaign, 'content'),
  ],
  derive(url, givenPath, givenSearch, title, referrer, ...campaign) {
    const parts = url === undefined ? NOTHING : splitUrl(url);
    const path = givenPath ?? parts.path;
    const search = givenSearch ?? parts.search;
    const columns: Columns = campaignColumns(campaign, search);
    if (url) columns.url = url;
    if (parts.hostname) columns.hostname = parts.hostname;
    if (path) columns.path = path;
    if (search) columns.search = search;
    if (title) columns.title = title;
    if (referrer) {
      columns.referrer = referrer;
      const domain = splitUrl(referrer).hostname.replace(/^www\./, '');
      if (domain) columns.referrer_domain = domain;
    }
    const channel = channelOf(columns);
    if (channel) columns.channel = channel;
    return columns;
  },
};
