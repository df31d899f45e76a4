import { FORCE_PARAMETER, parseOverrides } from '@millrace/core/variants';
import type { VisitorScope } from '../scope.ts';
import { type CookieStickyOptions, cookieSticky } from '../variants/cookie-sticky.ts';
import { readVisitorId } from '../visitor-cookie.ts';

/** How a middleware finds out whom a request is of. */
export interface MiddlewareOptions<Request> {
  /** The write key of the site's pages, whose cookie holds the visitor's anonymous id. */
  writeKey?: string;
  /** Who is logged in, and what else is known; lies over what the request itself says. */
  identify?: (request: Request) => VisitorScope | undefined;
  /** Whether the visitor's sticky assignments are kept in a cookie, beside the one of the id; needs `writeKey`. @default false */
  stickyCookie?: boolean | Pick<CookieStickyOptions, 'domain' | 'secure'>;
  /**
   * Who may set variants by hand, with `?millrace_force=checkout:one_page`. A server evaluates rules that are not for
   * everybody's eyes, so that it lets nobody by itself. @default nobody
   */
  mayForce?: (request: Request) => boolean;
}

/** What a middleware reads of a request, whatever the framework calls it. */
export interface RequestFacts {
  url: string | undefined;
  ip: string | undefined;
  header(name: string): string | undefined;
  /** Adds a `Set-Cookie` to the answer. */
  setCookie(value: string): void;
}

/** Whom a request is of: the browser SDK's cookie, and the visitor's address, browser, page and language. */
export function scopeOfRequest<Request>(
  { url, ip, header, setCookie }: RequestFacts,
  request: Request,
  { writeKey, stickyCookie, mayForce }: MiddlewareOptions<Request>,
): VisitorScope {
  const host = header('host');
  const referrer = header('referer');
  const cookie = header('cookie');
  const [locale] = header('accept-language')?.split(/[,;]/) ?? [];
  const page = url === undefined ? undefined : describePage(url, host);
  const force = page && new URLSearchParams(page.search).get(FORCE_PARAMETER);
  const cookieOptions = typeof stickyCookie === 'object' ? stickyCookie : undefined;
  const isAhead = /prefetch|prerender/.test(header('sec-purpose') ?? header('purpose') ?? '');
  return {
    anonymousId: writeKey === undefined ? undefined : readVisitorId(cookie, writeKey),
    ...(isAhead && { exposures: false }),
    ...(force && mayForce?.(request) && { overrides: parseOverrides(force) }),
    ...(stickyCookie &&
      writeKey !== undefined && { sticky: cookieSticky({ ...cookieOptions, writeKey, cookie, setCookie }) }),
    context: {
      ...(ip && { ip }),
      ...(header('user-agent') && { userAgent: header('user-agent') as string }),
      ...(locale && { locale }),
      ...(page && { page: { ...page, ...(referrer && { referrer }) } }),
    },
  };
}

function describePage(url: string, host: string | undefined) {
  try {
    const { pathname, search, href } = new URL(url, `http://${host ?? 'localhost'}`);
    return { path: pathname, search, url: href };
  } catch {
    return undefined;
  }
}
