import { Hono } from 'hono';
import type { CollectorDeps } from './collector-deps.ts';
import { createByteBudget } from './http/byte-budget.ts';
import { createHealthRoutes } from './http/health-routes.ts';
import { errorResponse, HttpError } from './http/http-error.ts';
import { createIngestRoutes } from './http/ingest-routes.ts';
import type { CollectorEnv } from './http/receive.ts';
import { LogUnavailableError } from './log/event-log.ts';
import { createVariantRoutes } from './variants/variant-routes.ts';

/**
 * The collector as an app: a pure function of what it is given. It answers 2xx once the log holds the
 * events durably, 4xx for what the client must change, 429 and 503 with `Retry-After` for what it may
 * send again; no error shows anything of the inside. Can be mounted in another app with `route`.
 */
export function createApp(deps: CollectorDeps): Hono<CollectorEnv> {
  const app = new Hono<CollectorEnv>();
  app.onError((error) => {
    if (error instanceof HttpError) return errorResponse(error);
    if (error instanceof LogUnavailableError) {
      return errorResponse(
        new HttpError(503, error.code, 'events cannot be stored now', { retryAfterMs: error.retryAfterMs }),
      );
    }
    deps.logger.error('a request failed', { error: error.stack ?? String(error) });
    return errorResponse(new HttpError(500, 'internal', 'the server failed; the event may be sent again'));
  });
  app.route('/', createHealthRoutes(deps));
  const budget = createByteBudget(deps.limits.maxInFlightBytes);
  const { definitions } = deps;
  if (definitions) app.route('/', createVariantRoutes({ ...deps, definitions }, budget));
  app.route('/', createIngestRoutes(deps, budget));
  return app;
}
