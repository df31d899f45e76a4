import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { errorResponse } from '../error-response.ts';
import type { DefinitionsAdmin, DefinitionsPlace } from './definitions-admin.ts';
import { answerFailure } from './definitions-failure.ts';
import { FieldError, positiveInteger, readIfMatch, readPut } from './read-request.ts';

/** The greatest size of a document, in bytes. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/**
 * `GET` and `PUT /api/definitions`, `GET /api/definitions/history`; each takes `?project=` (a name; else the project of
 * `projectId`) and `?environment=` (else `production`). The ETag is the version; `PUT` takes it as `If-Match`, answers 412
 * where another version counts, and 400 with all `problems` of a document that is wrong.
 */
export function definitionsRoutes(admin: DefinitionsAdmin, projectId: number): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: MAX_DOCUMENT_BYTES,
    onError: (c) =>
      errorResponse(c, 413, 'document_too_large', `A document has at most ${MAX_DOCUMENT_BYTES} bytes.`),
  });
  app.onError((error, c) => answerFailure(c, error));

  const placeOf = async (c: Context): Promise<DefinitionsPlace> => {
    const { project, environment = 'production' } = c.req.query();
    if (project === undefined) return { projectId, environment };
    const found = (await admin.listProjects()).find(({ name }) => name === project);
    if (!found) throw new FieldError('project', `there is no project ${JSON.stringify(project)}`, 404);
    return { projectId: found.projectId, environment };
  };

  app.get('/api/definitions', async (c) => {
    const version = positiveInteger('version', c.req.query('version'));
    const found = await admin.readDefinitions({ ...(await placeOf(c)), version });
    if (!found && version !== undefined) {
      throw new FieldError('version', 'there is no such version, or its text is no longer kept', 404);
    }
    c.header('Cache-Control', 'no-store');
    c.header('ETag', `"${found?.version ?? 0}"`);
    return c.json(found ?? { version: 0, document: { format: 1, version: 0, flags: {}, experiments: {} } });
  });

  app.put('/api/definitions', limit, async (c) => {
    const ifVersion = readIfMatch(c.req.header('if-match'));
    const put = readPut(await c.req.text());
    const { version } = await admin.saveDefinitions({ ...(await placeOf(c)), ...put, ifVersion });
    c.header('Cache-Control', 'no-store');
    c.header('ETag', `"${version}"`);
    return c.json({ success: true, version });
  });

  app.get('/api/definitions/history', async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ versions: await admin.listDefinitions(await placeOf(c)) });
  });
  return app;
}
