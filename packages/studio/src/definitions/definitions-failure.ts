import type { Context } from 'hono';
import { errorResponse } from '../error-response.ts';
import { FieldError } from './read-request.ts';

/** What is wrong at one place of a document. */
interface Problem {
  path: string;
  message: string;
}

const STATUS: { [code: string]: 400 | 404 | 412 | 503 } = {
  invalid_field: 400,
  invalid_definitions: 400,
  unknown_project: 404,
  unknown_alert: 404,
  stale_version: 412,
  not_durable: 503,
};

/** The answer to a request that failed: what the caller can put right in its own words, else that it is to be tried again. */
export function answerFailure(c: Context, error: Error & { code?: unknown; problems?: unknown }): Response {
  const { code, message } = error;
  const status = typeof code === 'string' && Object.hasOwn(STATUS, code) ? STATUS[code] : undefined;
  if (typeof code !== 'string' || status === undefined) {
    return errorResponse(c, 503, 'unavailable', 'The definitions cannot be reached now: try again.');
  }
  c.header('Cache-Control', 'no-store');
  if (error instanceof FieldError) {
    return c.json({ success: false, error: { code, field: error.field, message } }, error.status);
  }
  const problems = Array.isArray(error.problems) ? { problems: error.problems as Problem[] } : {};
  return c.json({ success: false, error: { code, message, ...problems } }, status);
}
