/**
 * Any page may send events, and none may send them with a visitor's cookies. On every answer, so
 * that a page can read why it was refused.
 */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, retry-after',
};

const DEFAULT_HEADERS =
  'authorization, content-type, content-encoding, if-none-match, x-api-key, x-write-key';

/**
 * Answers a preflight, for SDKs that cause one: any origin and any header, remembered for a day.
 * `requestedHeaders` is what the browser asks for; a wildcard would not cover `Authorization`. `methods` are those
 * of the route.
 */
export function preflightResponse(requestedHeaders: string | undefined, methods = 'POST'): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...CORS_HEADERS,
      'access-control-allow-methods': `${methods}, OPTIONS`,
      'access-control-allow-headers': requestedHeaders || DEFAULT_HEADERS,
      'access-control-max-age': '86400',
      vary: 'access-control-request-headers',
    },
  });
}
