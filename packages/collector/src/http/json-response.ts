import { CORS_HEADERS } from './cors.ts';

const HEADERS = { ...CORS_HEADERS, 'content-type': 'application/json' };

/** An answer of JSON that any page may read. */
export function jsonResponse(body: string, status = 200): Response {
  return new Response(body, { status, headers: HEADERS });
}
