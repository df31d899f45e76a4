import { COMPILED_FORM } from '@millrace/core/evaluation';
import { type Context, Hono } from 'hono';
import type { Project } from '../collector-deps.ts';
import { addRoute } from '../http/add-route.ts';
import { CORS_HEADERS } from '../http/cors.ts';
import { HttpError } from '../http/http-error.ts';
import { type CollectorEnv, findProject, headerReader, missingWriteKey } from '../http/receive.ts';
import { writeKeyInHeaders } from '../http/write-key.ts';
import { chooseEncoding } from './compress-body.ts';
import { createDefinitionsStreams } from './definitions-streams.ts';
import { environmentOf, findDefinitions, type VariantDeps, whileAvailable } from './find-definitions.ts';
import { isKnown, type Part } from './served-definitions.ts';

/** A minute of one's own, a day while a newer one is fetched, a week while the collector is away. */
const LIFETIME = 'max-age=60, stale-while-revalidate=86400, stale-if-error=604800';

interface Caller {
  project: Project;
  /** Its key stands in the URL, so that whoever else asks for this URL may have the same answer. */
  isNamedByUrl: boolean;
}

async function findCaller(c: Context<CollectorEnv>, deps: VariantDeps): Promise<Caller> {
  const inHeaders = writeKeyInHeaders(headerReader(c));
  const key = inHeaders ?? c.req.query('writeKey');
  if (!key) throw missingWriteKey();
  return { project: await findProject(deps, key), isNamedByUrl: inHeaders === undefined };
}

/** Pages ask for the compiled form by its version: whoever has another must not answer as if it had that. */
function partFor(c: Context<CollectorEnv>, isClient: boolean): Part {
  const compiled = c.req.query('compiled');
  if (compiled === undefined) return isClient ? 'client' : 'whole';
  if (compiled !== String(COMPILED_FORM)) {
    throw new HttpError(400, 'malformed_query', `expected ${COMPILED_FORM}`, { field: 'compiled' });
  }
  return c.req.query('rules') === 'all' ? 'compiled with rules' : 'compiled';
}

/** `GET /v1/definitions`, what local evaluation needs, and `GET /v1/definitions/stream`, which tells of changes. */
export function createDefinitionsRoutes(deps: VariantDeps): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();
  const streams = createDefinitionsStreams({
    source: deps.definitions,
    maxStreams: deps.limits.maxStreams,
    signal: deps.stopping,
  });

  addRoute(routes, 'GET', '/v1/definitions', async (c) => {
    const { project, isNamedByUrl } = await findCaller(c, deps);
    const isClient = project.kind !== 'server';
    const served = findDefinitions(deps, project, environmentOf(c));
    const encoding = chooseEncoding(c.req.header('accept-encoding'));
    const { body, etag } = await served.represent(partFor(c, isClient), encoding);
    const headers = {
      ...CORS_HEADERS,
      etag,
      'cache-control': `${isClient && isNamedByUrl ? 'public' : 'private'}, ${LIFETIME}`,
      vary: 'accept-encoding',
    };
    if (isKnown(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
    return new Response(body, {
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(encoding && { 'content-encoding': encoding }),
      },
    });
  });

  addRoute(routes, 'GET', '/v1/definitions/stream', async (c) => {
    const { project } = await findCaller(c, deps);
    const environment = environmentOf(c);
    const isHead = c.req.method === 'HEAD';
    const stream = isHead ? null : whileAvailable(deps, () => streams.open(project.projectId, environment));
    return new Response(stream, {
      headers: {
        ...CORS_HEADERS,
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        // Asks nginx not to hold back what comes a little at a time.
        'x-accel-buffering': 'no',
      },
    });
  });
  return routes;
}
