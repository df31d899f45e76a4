import type { EventOptions } from '../analytics.ts';

/** How a middleware finds out whom a request is of. */
export interface MiddlewareOptions<Request> {
  /** The write key of the site's pages, whose cookie holds the visitor's anonymous id. */
  writeKey?: string;
  /** Who is logged in, and what else is known; lies over what the request itself says. */
  identify?: (request: Request) => EventOptions | undefined;
}

/** What a middleware reads of a request, whatever the framework calls it. */
export interface RequestFacts {
  url: string | undefined;
  ip: string | undefined;
  header(name: string): string | undefined;
}

/** Whom a request is of: the browser SDK's cookie, and the visitor's address, browser, page and language. */
export function scopeOfRequest(
  { url, ip, header }: RequestFacts,
  writeKey: string | undefined,
): EventOptions {
  const host = header('host');
  const referrer = header('referer');
  const [locale] = header('accept-language')?.split(/[,;]/) ?? [];
  const page = describePage(url, host);
  return {
    anonymousId: writeKey === undefined ? undefined : readCookie(header('cookie'), `millrace_${writeKey}`),
    context: {
      ...(ip && { ip }),
      ...(header('user-agent') && { userAgent: header('user-agent') as string }),
      ...(locale && { locale }),
      ...(page && { page: { ...page, ...(referrer && { referrer }) } }),
    },
  };
}

function describePage(url: string | undefined, host: string | undefined) {
  try {
    const { pathname, search, href } = new URL(url ?? '/', `http://${host ?? 'localhost'}`);
    return { path: pathname, search, url: href };
  } catch {
    return undefined;
  }
}

/** The id in the browser SDK's cookie, which is `id:time`. */
function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() !== name) continue;
    try {
      return decodeURIComponent(value.join('=').trim().split(':')[0] as string) || undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
