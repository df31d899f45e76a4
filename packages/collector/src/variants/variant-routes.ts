import { Hono } from 'hono';
import type { ByteBudget } from '../http/byte-budget.ts';
import type { CollectorEnv } from '../http/receive.ts';
import { createDefinitionsRoutes } from './definitions-routes.ts';
import { createEvaluateRoutes } from './evaluate-routes.ts';
import type { VariantDeps } from './find-definitions.ts';
import { createOfrepRoutes } from './ofrep/ofrep-routes.ts';
import { createTestRoutes } from './seed/test-routes.ts';

/** Everything that is served of flags and experiments. */
export function createVariantRoutes(deps: VariantDeps, budget: ByteBudget): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();
  routes.route('/', createDefinitionsRoutes(deps));
  routes.route('/', createEvaluateRoutes(deps, budget));
  routes.route('/', createOfrepRoutes(deps, budget));
  routes.route('/', createTestRoutes(deps, budget));
  return routes;
}
