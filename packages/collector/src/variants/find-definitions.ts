import type { Context } from 'hono';
import type { CollectorDeps, Project } from '../collector-deps.ts';
import { HttpError } from '../http/http-error.ts';
import type { CollectorEnv } from '../http/receive.ts';
import { type DefinitionsSource, PRODUCTION } from './definitions-source.ts';
import { emptyDefinitions, type ServedDefinitions, serveDefinitions } from './served-definitions.ts';

/** What the routes of flags and experiments are made from. */
export interface VariantDeps extends CollectorDeps {
  definitions: DefinitionsSource;
}

/** As definitions are saved under. */
const ENVIRONMENT = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** The environment that the query names; `production` where it names none. Throws 400. */
export function environmentOf(c: Context<CollectorEnv>): string {
  const environment = c.req.query('environment') ?? PRODUCTION;
  if (ENVIRONMENT.test(environment)) return environment;
  throw new HttpError(
    400,
    'malformed_query',
    'expected 1 to 64 of a-z, 0-9, - and _, a letter or digit first',
    {
      field: 'environment',
    },
  );
}

/** The project's newest definitions, empty where there are none. Throws 503 while none could be read yet. */
export function findDefinitions(deps: VariantDeps, project: Project, environment: string): ServedDefinitions {
  return serveDefinitions(
    whileAvailable(deps, () => deps.definitions.current(project.projectId, environment)) ??
      emptyDefinitions(environment),
  );
}

/** What `read` gives; 503 where the source has nothing to read from. */
export function whileAvailable<T>({ logger }: VariantDeps, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HttpError) throw error;
    logger.error('the definitions could not be read', { error: String(error) });
    throw new HttpError(503, 'definitions_unavailable', 'the definitions cannot be read now', {
      retryAfterMs: 1_000,
    });
  }
}
