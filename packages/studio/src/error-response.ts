import type { ErrorResponse } from '@millrace/core';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Answers with the error body that every route of Millrace uses. */
export function errorResponse(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
): Response {
  const body: ErrorResponse = { success: false, error: { code, message } };
  c.header('Cache-Control', 'no-store');
  return c.json(body, status);
}
