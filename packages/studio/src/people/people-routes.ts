import { PersonError, type PersonErrorCode } from '@millrace/warehouse-schema';
import { type Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import { FieldError } from '../definitions/read-request.ts';
import { errorResponse } from '../error-response.ts';
import type { PeopleAdmin } from './people-admin.ts';

const STATUS: Record<PersonErrorCode, 400 | 409 | 501 | 503> = {
  invalid_id: 400,
  too_many_ids: 409,
  sharded: 501,
  loader_behind: 503,
  still_there: 503,
};

/**
 * `GET /api/people/<id>/export`, lines of JSON, and `DELETE /api/people/<id>`, answered once everything is gone; each takes
 * `?project=` (a name). docs/privacy.md.
 */
export function peopleRoutes(admin: PeopleAdmin): Hono {
  const app = new Hono();
  app.onError((error, c) => refuse(c, error));

  app.get('/api/people/:id/export', async (c) => {
    const rows = admin.export(c.req.param('id'), c.req.query('project'))[Symbol.asyncIterator]();
    // Whatever is wrong with the question comes out before the first line, while there is a status to say so with.
    const first = await rows.next();
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', 'application/x-ndjson');
    return stream(c, async (out) => {
      for (let row = first; !row.done; row = await rows.next())
        await out.write(`${JSON.stringify(row.value)}\n`);
    });
  });

  app.delete('/api/people/:id', async (c) => {
    const report = await admin.delete(c.req.param('id'), c.req.query('project'));
    c.header('Cache-Control', 'no-store');
    return c.json({ success: true, ...report });
  });
  return app;
}

function refuse(c: Context, error: Error): Response {
  if (error instanceof PersonError || error instanceof FieldError) {
    const { code, field, message } = error;
    c.header('Cache-Control', 'no-store');
    const status = error instanceof FieldError ? error.status : STATUS[error.code];
    return c.json(
      { success: false, error: { code, ...(field !== undefined && { field }), message } },
      status,
    );
  }
  return errorResponse(
    c,
    503,
    'unavailable',
    'This cannot be done now; what was begun is gone on with when it is asked again.',
  );
}
