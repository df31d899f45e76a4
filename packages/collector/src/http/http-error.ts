import type { ErrorResponse } from '@millrace/core';
import { CORS_HEADERS } from './cors.ts';

/** A refusal that the client is told: a status, a stable code, the field at fault, and a sentence. */
export class HttpError extends Error {
  override readonly name = 'HttpError' as const;
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  /** The methods that the route has; sent with 405. */
  readonly allow: string | undefined;
  /** When the client may come back, in milliseconds; sent with 429 and 503. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { field?: string | undefined; retryAfterMs?: number; allow?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = options.field;
    this.allow = options.allow;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The headers of a response that tells a client of `error`, as JSON. */
export function errorHeaders(error: HttpError): Record<string, string> {
  const headers: Record<string, string> = { ...CORS_HEADERS, 'content-type': 'application/json' };
  if (error.allow !== undefined) headers.allow = error.allow;
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  }
  // What is left of the body will not be read, so the connection cannot serve another request.
  if (error.status === 408 || error.status === 413) headers.connection = 'close';
  return headers;
}

/** The response that tells a client of `error`. */
export function errorResponse(error: HttpError): Response {
  return new Response(errorBody(error), { status: error.status, headers: errorHeaders(error) });
}

/** What a client is told of `error`, as JSON. */
export function errorBody(error: Pick<HttpError, 'code' | 'field' | 'message'>): string {
  const body: ErrorResponse = {
    success: false,
    error: {
      code: error.code,
      ...(error.field === undefined ? {} : { field: error.field }),
      message: error.message,
    },
  };
  return JSON.stringify(body);
}
