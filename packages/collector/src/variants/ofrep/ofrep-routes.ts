import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { addRoute, type Handler } from '../../http/add-route.ts';
import type { ByteBudget } from '../../http/byte-budget.ts';
import { CORS_HEADERS } from '../../http/cors.ts';
import { errorHeaders, HttpError } from '../../http/http-error.ts';
import { jsonResponse } from '../../http/json-response.ts';
import { type CollectorEnv, receive } from '../../http/receive.ts';
import { environmentOf, findDefinitions, type VariantDeps } from '../find-definitions.ts';
import { requireBounded } from '../require-bounded.ts';
import { isKnown } from '../served-definitions.ts';
import { answerOfrep, isFailure, ofrepKeys } from './ofrep-answer.ts';
import { contextOfOfrep } from './ofrep-context.ts';

const ONE = '/ofrep/v1/evaluate/flags/:key';
const ALL = '/ofrep/v1/evaluate/flags';

/** The OpenFeature Remote Evaluation Protocol (github.com/open-feature/protocol, service/openapi.yaml). */
export function createOfrepRoutes(deps: VariantDeps, budget: ByteBudget): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();

  const admit = async (c: Context<CollectorEnv>) => {
    const received = await receive(c, deps, budget, { apiKey: true });
    requireBounded(received, ['context'], deps);
    const { project, body, receivedAt } = received;
    const context = contextOfOfrep(body, receivedAt);
    return { context, served: findDefinitions(deps, project, environmentOf(c)) };
  };

  addRoute(
    routes,
    'POST',
    ONE,
    inOfrepWords(async (c) => {
      const { context, served } = await admit(c);
      const answer = answerOfrep(served, c.req.param('key') ?? '', context);
      const status = !isFailure(answer) ? 200 : answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
      return jsonResponse(JSON.stringify(answer), status);
    }),
  );

  addRoute(
    routes,
    'POST',
    ALL,
    inOfrepWords(async (c) => {
      const { context, served } = await admit(c);
      const flags = ofrepKeys(served).map((key) => answerOfrep(served, key, context));
      const body = JSON.stringify({ flags, metadata: { version: served.evaluator.version } });
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      const headers = { ...CORS_HEADERS, etag };
      if (isKnown(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
      return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
    }),
  );

  routes.all('/ofrep/*', (c) => {
    throw new HttpError(404, 'unknown_route', `expected ${ALL} or ${ONE}, got ${c.req.path}`);
  });
  return routes;
}

/** Answers refusals in the shape of OFREP: a code for a bad request, words alone for anything else. */
function inOfrepWords(handler: Handler): Handler {
  return async (c) => {
    try {
      return await handler(c);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const key = c.req.param('key');
      const body = {
        ...(key !== undefined && { key }),
        ...(error.status === 400 && {
          errorCode: error.code === 'INVALID_CONTEXT' ? error.code : 'PARSE_ERROR',
        }),
        errorDetails: error.message,
      };
      return new Response(JSON.stringify(body), { status: error.status, headers: errorHeaders(error) });
    }
  };
}
