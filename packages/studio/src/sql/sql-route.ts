import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorResponse } from '../error-response.ts';

/** The answer to a query: ClickHouse's bytes, in the format that the query or the default names. */
export interface SqlAnswer {
  contentType: string;
  body: ReadableStream<Uint8Array> | string;
}

/**
 * Runs one query as the reader, within its limits. Rejects with an error that has a `code`, and may have
 * a `status` (an HTTP status). An aborted signal cancels the query at the server.
 */
export type RunSql = (query: { sql: string; signal: AbortSignal }) => Promise<SqlAnswer>;

/** The greatest size of a query, in bytes. */
export const MAX_SQL_BYTES = 256 * 1024;

/** The route `POST /sql`: the body is the query, the answer is ClickHouse's. */
export function sqlRoute(runSql: RunSql): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_SQL_BYTES,
    onError: (c) => errorResponse(c, 413, 'query_too_large', `A query has at most ${MAX_SQL_BYTES} bytes.`),
  });
  app.post('/sql', limit, async (c) => {
    const sql = await c.req.text();
    if (sql.trim() === '') {
      return errorResponse(
        c,
        400,
        'empty_query',
        'Send the query as the body, such as SELECT count() FROM events.',
      );
    }
    try {
      const answer = await runSql({ sql, signal: c.req.raw.signal });
      c.header('Content-Type', answer.contentType);
      c.header('Cache-Control', 'no-store');
      return c.body(answer.body);
    } catch (error) {
      const { status, code, message } = describeError(error);
      return errorResponse(c, status, code, message);
    }
  });
  app.all('/sql', (c) => {
    c.header('Allow', 'POST');
    return errorResponse(c, 405, 'method_not_allowed', 'Send the query as the body of a POST.');
  });
  return app;
}

function describeError(error: unknown): { status: ContentfulStatusCode; code: string; message: string } {
  if (!(error instanceof Error)) return { status: 500, code: 'internal', message: 'The query failed.' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  if (!code) return { status: 500, code: 'internal', message: 'The query failed.' };
  return { status: (status ?? 400) as ContentfulStatusCode, code, message: error.message };
}
