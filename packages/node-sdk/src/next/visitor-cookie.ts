import { readVisitorId, visitorCookieName } from '../visitor-cookie.ts';

// Longer than 400 days no browser keeps a cookie.
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/** How the visitor's cookie is set. */
export interface VisitorCookieOptions {
  /** The write key of the site's pages. */
  writeKey: string;
  /** The domain that the pages share, as the browser SDK's `cookieDomain`. @default the host's own */
  domain?: string;
  /** False for plain HTTP, as on a developer's machine. @default true */
  secure?: boolean;
}

/** A visitor who is known from the first request on. */
export interface Visitor {
  anonymousId: string;
  /** The request's headers with the visitor's cookie, for whoever renders the page. */
  headers: Headers;
  /** Adds the cookie to the answer, where it is new, or is to be kept for another 400 days. The answer is given back. */
  keep<Answer extends { headers: Headers }>(answer: Answer): Answer;
}

/**
 * For middleware: gives a visitor without an id one, before the first page is rendered, so that its variants are those
 * of every later page. The cookie is set as a server sets it, without the time that the browser SDK writes after the
 * id: Safari then keeps it for longer than seven days. Call it for visitors who may have a cookie.
 */
export function visitorOf(
  request: { headers: Headers },
  { writeKey, domain, secure = true }: VisitorCookieOptions,
): Visitor {
  const known = readVisitorId(request.headers.get('cookie'), writeKey);
  const anonymousId = known ?? crypto.randomUUID();
  const pair = `${visitorCookieName(writeKey)}=${encodeURIComponent(anonymousId)}`;
  const headers = new Headers(request.headers);
  if (known === undefined) {
    headers.set('cookie', [request.headers.get('cookie'), pair].filter(Boolean).join('; '));
  }
  return {
    anonymousId,
    headers,
    keep(answer) {
      // Of a cookie that is there it is not known of which domain it is; a second one of another would hide it.
      if (known !== undefined && domain === undefined) return answer;
      const parts = [pair, 'Path=/', `Max-Age=${MAX_AGE_SECONDS}`, 'SameSite=Lax'];
      const set = [...parts, ...(domain ? [`Domain=${domain}`] : []), ...(secure ? ['Secure'] : [])].join(
        '; ',
      );
      answer.headers.append('set-cookie', set);
      return answer;
    },
  };
}
