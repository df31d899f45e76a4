import { scopeOfRequest } from '../middleware/scope-of-request.ts';
import type { VisitorScope } from '../scope.ts';

/** What is read of `headers()` of Next.js, of a `Request` of any edge, of a route handler. */
export interface RequestHeaders {
  get(name: string): string | null;
}

/** What the headers do not say. */
export interface HeadersScopeOptions {
  /** The write key of the site's pages, whose cookies hold the visitor's id and sticky assignments. */
  writeKey: string;
  /** The page's address, where it is known: Next.js does not tell it to server components. */
  url?: string;
  /** The visitor's address. */
  ip?: string;
  /** Adds a `Set-Cookie` to the answer, for sticky assignments. A server component cannot: there the page does it. */
  setCookie?: (value: string) => void;
}

/**
 * Whom a request is of, for `analytics.for(scope)` and `analytics.bootstrapFor(scope)`: the visitor's id of the browser
 * SDK's cookie, sticky assignments, browser and language.
 */
export function scopeOfHeaders(headers: RequestHeaders, options: HeadersScopeOptions): VisitorScope {
  const { writeKey, url, ip, setCookie = () => undefined } = options;
  const facts = { url, ip, header: (name: string) => headers.get(name) ?? undefined, setCookie };
  return scopeOfRequest(facts, headers, { writeKey, stickyCookie: true });
}
