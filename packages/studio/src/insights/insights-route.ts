import type { ErrorResponse } from '@millrace/core';
import { type Answer, INSIGHTS, InsightError } from '@millrace/warehouse-schema';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorResponse } from '../error-response.ts';

/** Answers a question as the reader, within its limits. @throws InsightError */
export type AskInsight = (name: string, question: unknown, signal: AbortSignal) => Promise<Answer<unknown>>;

const MAX_QUESTION_BYTES = 256 * 1024;

/**
 * `POST /api/insights/<name>`: the body is the question as JSON, the answer is `Answer`. `GET /api/insights` lists the
 * insights with the JSON Schema of their questions.
 */
export function insightsRoute(askInsight: AskInsight): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_QUESTION_BYTES,
    onError: (c) =>
      errorResponse(c, 413, 'question_too_large', `A question has at most ${MAX_QUESTION_BYTES} bytes.`),
  });
  app.get('/api/insights', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ insights: Object.values(INSIGHTS).map(({ name, schema }) => ({ name, schema })) });
  });
  app.post('/api/insights/:name', limit, async (c) => {
    const question = await c.req.json().catch(() => undefined);
    if (question === undefined) {
      return errorResponse(c, 400, 'invalid_question', 'Send the question as JSON, as the body of the POST.');
    }
    try {
      const answer = await askInsight(c.req.param('name'), question, c.req.raw.signal);
      c.header('Cache-Control', 'no-store');
      return c.json({ success: true, ...answer });
    } catch (error) {
      if (!(error instanceof InsightError)) throw error;
      return refuse(c, error);
    }
  });
  app.all('/api/insights/:name', (c) => {
    c.header('Allow', 'POST');
    return errorResponse(c, 405, 'method_not_allowed', 'Send the question as the body of a POST.');
  });
  return app;
}

function refuse(c: Context, { code, field, message, status }: InsightError): Response {
  const error = { code, message, ...(field !== undefined && { field }) };
  const body: ErrorResponse = { success: false, error };
  c.header('Cache-Control', 'no-store');
  return c.json(body, status as ContentfulStatusCode);
}
