import type { EvaluationContext } from '@millrace/core/evaluation';
import type { Evaluations } from '@millrace/core/variants';
import { Hono } from 'hono';
import { addRoute } from '../http/add-route.ts';
import type { ByteBudget } from '../http/byte-budget.ts';
import { jsonResponse } from '../http/json-response.ts';
import { type CollectorEnv, receive } from '../http/receive.ts';
import { readContext, readKeys } from './evaluation-request.ts';
import { environmentOf, findDefinitions, type VariantDeps } from './find-definitions.ts';
import { requireBounded } from './require-bounded.ts';
import type { ServedDefinitions } from './served-definitions.ts';

/** `POST /v1/evaluate`: evaluation by the collector, for rules that clients must not see and for clients without any. */
export function createEvaluateRoutes(deps: VariantDeps, budget: ByteBudget): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();
  addRoute(routes, 'POST', '/v1/evaluate', async (c) => {
    const received = await receive(c, deps, budget, {});
    requireBounded(received, ['units', 'attributes', 'sticky'], deps);
    const { project, body, receivedAt } = received;
    const context = readContext(body, receivedAt);
    const served = findDefinitions(deps, project, environmentOf(c));
    return jsonResponse(JSON.stringify({ success: true, ...evaluate(served, context, readKeys(body)) }));
  });
  return routes;
}

/** Everything, or what `keys` names: a key of neither a flag nor an experiment is not found as both. */
function evaluate(
  { whole, evaluator }: ServedDefinitions,
  context: EvaluationContext,
  keys: string[] | undefined,
): Evaluations {
  const isFlag = (key: string): boolean => Object.hasOwn(whole.flags, key);
  const isExperiment = (key: string): boolean => Object.hasOwn(whole.experiments, key);
  const experiments =
    keys?.filter((key) => isExperiment(key) || !isFlag(key)) ?? Object.keys(whole.experiments);
  const flags = keys?.filter((key) => isFlag(key) || !isExperiment(key)) ?? Object.keys(whole.flags);
  return {
    version: evaluator.version,
    experiments: Object.fromEntries(experiments.map((key) => [key, evaluator.assign(key, context)])),
    flags: Object.fromEntries(flags.map((key) => [key, evaluator.resolve(key, context)])),
  };
}
