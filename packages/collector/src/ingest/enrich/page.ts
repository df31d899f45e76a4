import { createGenerationCache } from '../generation-cache.ts';
import { type EnrichInput, type EnrichStep, stringAt } from './enrich-step.ts';

interface UrlParts {
  hostname: string;
  path: string;
  search: string;
}

const NOTHING: UrlParts = { hostname: '', path: '', search: '' };
const cache = createGenerationCache<UrlParts>(5_000);

/** Host name, path and query of an absolute http(s) URL; empty parts for anything else. */
export function splitUrl(url: string): UrlParts {
  return cache.get(url, (text) => {
    if (!/^https?:/i.test(text) || !URL.canParse(text)) return NOTHING;
    const { hostname, pathname, search } = new URL(text);
    return { hostname, path: pathname, search };
  });
}

/** A field of `context.page`; for a `page` event also of its properties, where Segment repeats it. */
function pageField({ event, context, properties }: EnrichInput, key: string): string | undefined {
  return stringAt(context.page, key) ?? (event.type === 'page' ? stringAt(properties, key) : undefined);
}

/** `url` and its parts, `title`, `referrer` and its domain. What the client says goes before what its URL says. */
export const page: EnrichStep = (row, input) => {
  const url = pageField(input, 'url');
  const parts = url === undefined ? NOTHING : splitUrl(url);
  const path = pageField(input, 'path') ?? parts.path;
  const search = pageField(input, 'search') ?? parts.search;
  const title = pageField(input, 'title');
  if (url) row.url = url;
  if (parts.hostname) row.hostname = parts.hostname;
  if (path) row.path = path;
  if (search) row.search = search;
  if (title) row.title = title;

  const referrer = pageField(input, 'referrer') ?? stringAt(input.context.referrer, 'url');
  if (referrer === undefined) return;
  row.referrer = referrer;
  const domain = splitUrl(referrer).hostname.replace(/^www\./, '');
  if (domain) row.referrer_domain = domain;
};
