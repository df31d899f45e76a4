import type { StickyStore } from '../scope.ts';
import { readCookieText, visitorCookieName } from '../visitor-cookie.ts';

// Longer than 400 days no browser keeps a cookie.
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/** Where the cookie is read and written. */
export interface CookieStickyOptions {
  /** The write key of the site's pages. */
  writeKey: string;
  /** The request's `Cookie` header. */
  cookie: string | null | undefined;
  /** Adds a `Set-Cookie` header to the answer; where several are added, the last one holds everything. */
  setCookie(value: string): void;
  /** The domain that the site's pages share. @default the host's own */
  domain?: string;
  /** False for plain HTTP, as on a developer's machine. @default true */
  secure?: boolean;
}

/** A store of sticky assignments for one request: the cookie of its visitor that the browser SDK reads and writes as well. */
export function cookieSticky(options: CookieStickyOptions): StickyStore {
  const { writeKey, cookie, setCookie, domain, secure = true } = options;
  const name = `${visitorCookieName(writeKey)}.sticky`;
  let text = readCookieText(cookie, name);
  return {
    get: () => text,
    set(_unit, next) {
      if (next === text) return;
      text = next;
      const parts = [
        `${name}=${encodeURIComponent(next)}`,
        'Path=/',
        `Max-Age=${MAX_AGE_SECONDS}`,
        'SameSite=Lax',
      ];
      setCookie(
        [...parts, ...(domain ? [`Domain=${domain}`] : []), ...(secure ? ['Secure'] : [])].join('; '),
      );
    },
  };
}
