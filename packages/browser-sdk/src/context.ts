import type { EventContext, JsonObject } from '@millrace/core';
import { version } from '../package.json';

// What stays the same while a page lives; to ask for it costs more than the rest of an event.
let fixed: EventContext | undefined;

/** What the page is at this moment, and what the browser and its language are. */
export function readContext(): EventContext {
  fixed ??= {
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
    userAgent: navigator.userAgent,
    library: { name: '@millrace/browser-sdk', version },
  };
  return {
    ...fixed,
    page: readPage(),
    campaign: readCampaign() as Record<string, string>,
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
    campaign: readCampaign(),
    referrer: (isOutside && referrer) || undefined,
  } as JsonObject;
}

/** The campaign that the `utm_` parameters of a query name, or undefined without any. */
export function readCampaign(search = location.search): Record<string, string> | undefined {
  let campaign: Record<string, string> | undefined;
  for (const [parameter, value] of new URLSearchParams(search)) {
    const [, field] = /^utm_(.+)/.exec(parameter) ?? [];
    if (field && value) campaign = { [field === 'campaign' ? 'name' : field]: value, ...campaign };
  }
  return campaign;
}
