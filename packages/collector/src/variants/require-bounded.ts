import type { CollectorDeps } from '../collector-deps.ts';
import { HttpError } from '../http/http-error.ts';
import type { Received } from '../http/receive.ts';
import { measureJson, TOO_DEEP } from '../ingest/measure-json.ts';
import { malformed } from './evaluation-request.ts';

/**
 * Throws 413 where a field of the body takes more bytes than an event may, since what it costs to evaluate for a caller
 * grows with what is said of the caller, and 400 where one is nested deeper.
 */
export function requireBounded(
  { body }: Received,
  fields: readonly string[],
  { limits }: CollectorDeps,
): void {
  const { maxDepth, maxEventBytes } = limits;
  for (const field of fields) {
    const bound = measureJson(body[field], maxDepth);
    if (bound === TOO_DEEP) throw malformed(field, `at most ${maxDepth} levels of nesting`);
    if (bound <= maxEventBytes || Buffer.byteLength(JSON.stringify(body[field])) <= maxEventBytes) continue;
    throw new HttpError(413, 'field_too_large', `expected at most ${maxEventBytes} bytes of JSON`, { field });
  }
}
