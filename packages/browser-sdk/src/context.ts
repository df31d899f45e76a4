import type { EventContext, JsonObject } from '@millrace/core';
import { version } from '../package.json';

// Asking for it costs more than the rest of an event.
let timezone: string | undefined;

/** What the page, the browser and its language are at this moment. */
export function readContext(): EventContext {
  const { language, userAgent } = navigator;
  const { width, height } = screen;
  timezone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    page: readPage(),
    campaign: readCampaign(location.search) as Record<string, string>,
    locale: language,
    timezone,
    screen: { width, height, density: devicePixelRatio },
    userAgent,
    library: { name: '@millrace/browser-sdk', version },
  };
}

/** The page that is open. */
export function readPage(): NonNullable<EventContext['page']> {
  const { pathname, search, href } = location;
  const { referrer, title } = document;
  return { path: pathname, referrer, search, title, url: href };
}

/** Where the visitor came from to this page; no referrer if it is the site itself. */
export function readTouch(): JsonObject {
  const { referrer } = document;
  const isOutside = referrer.split('/')[2] !== location.host;
  return {
    at: new Date().toISOString(),
    campaign: readCampaign(location.search),
    referrer: isOutside && referrer ? referrer : undefined,
  } as JsonObject;
}

/** The campaign that the `utm_` parameters of a query name, or undefined without any. */
export function readCampaign(search: string): Record<string, string> | undefined {
  let campaign: Record<string, string> | undefined;
  for (const [parameter, value] of new URLSearchParams(search)) {
    const field = /^utm_(campaign|source|medium|term|content)$/.exec(parameter)?.[1];
    if (field && value) campaign = { [field === 'campaign' ? 'name' : field]: value, ...campaign };
  }
  return campaign;
}
