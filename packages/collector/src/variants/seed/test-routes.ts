import { isExposure } from '@millrace/core/evaluation';
import { type Context, Hono } from 'hono';
import { addRoute } from '../../http/add-route.ts';
import type { ByteBudget } from '../../http/byte-budget.ts';
import { HttpError } from '../../http/http-error.ts';
import { ingestOne } from '../../http/ingest-one.ts';
import { jsonResponse } from '../../http/json-response.ts';
import { type CollectorEnv, type Received, receive } from '../../http/receive.ts';
import { PRODUCTION } from '../definitions-source.ts';
import { malformed, readFields } from '../evaluation-request.ts';
import { findDefinitions, type VariantDeps } from '../find-definitions.ts';
import { requireBounded } from '../require-bounded.ts';
import type { ServedDefinitions } from '../served-definitions.ts';
import { requireServerKey } from './admit-tests.ts';
import { createTest } from './create-test.ts';
import { exposureEvent } from './exposure-event.ts';
import { readTestPlan } from './test-plan.ts';

/** The short form of A/B testing: `POST /tests` creates a test, `POST /assign` assigns a user and records that. */
export function createTestRoutes(deps: VariantDeps, budget: ByteBudget): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();

  const admit = async (c: Context<CollectorEnv>): Promise<Received> => {
    const received = await receive(c, deps, budget, { allowDemo: true });
    requireBounded(received, ['user_id', 'attributes', 'name', 'variants'], deps);
    requireServerKey(received, c.req.header('origin'), deps);
    return received;
  };

  addRoute(routes, 'POST', '/tests', async (c) => {
    const { project, body } = await admit(c);
    const plan = readTestPlan(body);
    const key = await whileWritable(deps, () =>
      createTest(deps.definitions.documents, project.projectId, plan),
    );
    await deps.definitions.refresh();
    const { name, variants, trafficAllocation } = plan;
    const test = { test_id: key, name, variants, traffic_allocation: trafficAllocation };
    return jsonResponse(JSON.stringify({ success: true, ...test }), 201);
  });

  addRoute(routes, 'POST', '/assign', async (c) => {
    const received = await admit(c);
    const { body, project, receivedAt } = received;
    const userId = readUser(body.user_id);
    const { test_id: key } = body;
    if (typeof key !== 'string') throw malformed('test_id', 'the id of a test');
    const { evaluator } = await findTest(deps, key, () => findDefinitions(deps, project, PRODUCTION));
    const assignment = evaluator.assign(key, {
      units: { userId, anonymousId: userId },
      attributes: readFields(body.attributes ?? {}, 'attributes'),
      now: receivedAt,
    });
    if (isExposure(assignment)) {
      const { version: definitionsVersion } = evaluator;
      const event = exposureEvent({ assignment, userId, definitionsVersion, now: receivedAt });
      // Whoever asks is the site's server: its address and user agent say nothing of the user.
      const sender = { ...received, ip: undefined, userAgent: undefined, mayBeIllFormed: true };
      await ingestOne(deps, sender, event, (field) => field);
    }
    const { variant, payload = null, reason } = assignment;
    return jsonResponse(
      JSON.stringify({ success: true, test_id: key, variant_id: variant, variant_config: payload, reason }),
    );
  });
  return routes;
}

function readUser(value: unknown): string {
  if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  throw malformed('user_id', 'the id of a user');
}

/** The definitions that have the test, looked for again where it is not there: it may just have been made. Throws 404. */
async function findTest(
  deps: VariantDeps,
  key: string,
  find: () => ServedDefinitions,
): Promise<ServedDefinitions> {
  const has = ({ whole }: ServedDefinitions): boolean => Object.hasOwn(whole.experiments, key);
  const known = find();
  if (has(known)) return known;
  await deps.definitions.lookAgain();
  const found = find();
  if (has(found)) return found;
  throw new HttpError(404, 'unknown_test', 'expected the id of a test', { field: 'test_id' });
}

async function whileWritable<T>({ logger }: VariantDeps, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const { code, message } = error as Error & { code?: string };
    if (code === 'invalid_definitions') throw malformed('variants', `other variants: ${message}`);
    if (code === 'invalid_field') throw malformed('name', `another name: ${message}`);
    logger.error('the definitions could not be changed', { error: String(error) });
    throw new HttpError(503, 'definitions_unavailable', 'the definitions cannot be changed now', {
      retryAfterMs: 1_000,
    });
  }
}
