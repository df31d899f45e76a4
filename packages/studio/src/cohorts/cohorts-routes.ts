import { cohortSchema, InsightError } from '@millrace/warehouse-schema';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answerFailure } from '../definitions/definitions-failure.ts';
import { FieldError, positiveInteger, readIfMatch } from '../definitions/read-request.ts';
import { errorResponse } from '../error-response.ts';
import type { CohortsAdmin, CohortVersion } from './cohorts-admin.ts';
import { readNewCohort } from './read-new-cohort.ts';
import { storeCohort } from './store-cohort.ts';

/** Of a PUT: half a million ids of 30 bytes. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * `GET /api/cohorts`, `GET PUT DELETE /api/cohorts/<name>`, `GET /api/cohorts/<name>/history`: docs/cohorts.md. The ETag
 * is the version; `PUT` and `DELETE` take it as `If-Match`, and answer 412 where another version counts.
 */
export function cohortsRoutes(admin: CohortsAdmin): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => errorResponse(c, 413, 'cohort_too_large', `A PUT has at most ${MAX_BODY_BYTES} bytes.`),
  });
  app.onError((error, c) => (error instanceof InsightError ? refuse(c, error) : answerFailure(c, error)));
  app.use('/api/cohorts/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/api/cohorts', async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ cohorts: (await admin.list()).map(show), schema: cohortSchema });
  });

  app.get('/api/cohorts/:name', async (c) => {
    const version = positiveInteger('version', c.req.query('version'));
    const found = await admin.read(c.req.param('name'), version);
    if (!found) throw new FieldError('name', 'there is no such cohort, or no such version of it', 404);
    c.header('ETag', `"${found.version}"`);
    return c.json(show(found));
  });

  app.put('/api/cohorts/:name', limit, async (c) => {
    const name = c.req.param('name');
    const ifVersion = readIfMatch(c.req.header('if-match'));
    const put = readNewCohort(await c.req.text());
    const { version, definition } = await storeCohort(admin, name, put, {
      ifVersion,
      signal: c.req.raw.signal,
    });
    c.header('ETag', `"${version}"`);
    return c.json({ success: true, version, definition });
  });

  app.delete('/api/cohorts/:name', async (c) => {
    const name = c.req.param('name');
    const ifVersion = readIfMatch(c.req.header('if-match'));
    if ((await admin.read(name)) === undefined) throw new FieldError('name', 'there is no such cohort', 404);
    const said = { author: c.req.query('author') ?? 'admin', note: c.req.query('note') ?? '' };
    const { version } = await admin.save({ name, definition: null, ...said, ifVersion });
    await admin.dropLists();
    return c.json({ success: true, version });
  });

  app.get('/api/cohorts/:name/history', async (c) =>
    c.json({ versions: (await admin.history(c.req.param('name'))).map(show) }),
  );
  return app;
}

function show({ createdAt, ...cohort }: CohortVersion): object {
  return { ...cohort, createdAt: createdAt.toISOString() };
}

function refuse(c: Context, { code, field, message, status }: InsightError): Response {
  c.header('Cache-Control', 'no-store');
  const error = { code, message, ...(field !== undefined && { field }) };
  return c.json({ success: false, error }, status as ContentfulStatusCode);
}
