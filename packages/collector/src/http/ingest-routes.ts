import type { EventType } from '@millrace/core';
import { type Context, Hono } from 'hono';
import type { CollectorDeps } from '../collector-deps.ts';
import { type Outcome, toVerdict } from '../ingest/ingestion.ts';
import { parseTime } from '../ingest/parse-time.ts';
import { scanBatch } from '../ingest/scan/scan-batch.ts';
import { addRoute, type Handler } from './add-route.ts';
import type { ByteBudget } from './byte-budget.ts';
import { HttpError } from './http-error.ts';
import { ingestOne, openIngestion } from './ingest-one.ts';
import { jsonResponse } from './json-response.ts';
import { type CollectorEnv, receive } from './receive.ts';
import { fromShortForm, shortFieldName } from './short-form.ts';

const EVENT_ROUTES: Readonly<Record<string, EventType>> = {
  track: 'track',
  identify: 'identify',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
};

const ACCEPTED = '{"success":true}';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The events of a batch, each with the batch's own context beneath its own. */
function eventsOf(body: Fields): unknown[] {
  const { batch, context } = body;
  if (!Array.isArray(batch)) {
    throw new HttpError(400, 'malformed_batch', 'expected an array of events', { field: 'batch' });
  }
  if (!isFields(context)) return batch;
  return batch.map((event) =>
    isFields(event) && (event.context == null || isFields(event.context))
      ? { ...event, context: { ...context, ...event.context } }
      : event,
  );
}

function sentAtOf(body: Fields): number | undefined {
  const { sentAt } = body;
  if (sentAt === undefined || sentAt === null) return undefined;
  const time = typeof sentAt === 'string' || typeof sentAt === 'number' ? parseTime(sentAt) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new HttpError(400, 'malformed_batch', 'expected an ISO 8601 time', { field: 'sentAt' });
}

/** Whether a verdict on each event is asked for: by 1, or true. Another number is a form that this version has not. */
function wantsVerdicts({ verdicts }: Fields): boolean {
  if (verdicts === 1 || verdicts === true) return true;
  if (verdicts === undefined || verdicts === null || verdicts === 0 || verdicts === false) return false;
  throw new HttpError(400, 'malformed_body', 'expected 1, or nothing', { field: 'verdicts' });
}

const verdictsOrNot = (body: Fields, outcomes: readonly Outcome[]): Response =>
  jsonResponse(
    wantsVerdicts(body) ? JSON.stringify({ success: true, verdicts: outcomes.map(toVerdict) }) : ACCEPTED,
  );

/** The routes that take events. Each answers 2xx only once the log has them durably. */
export function createIngestRoutes(deps: CollectorDeps, budget: ByteBudget): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();
  const { limits } = deps;

  const takeBatch = async (c: Context<CollectorEnv>): Promise<Response> => {
    const received = await receive(c, deps, budget, { scan: (bytes) => scanBatch(bytes, limits) });
    const { body, scanned, mayBeIllFormed } = received;
    const events = scanned ? [] : eventsOf(body);
    const count = scanned?.count ?? events.length;
    if (count > limits.maxEvents) {
      throw new HttpError(413, 'too_many_events', `expected at most ${limits.maxEvents} events`, {
        field: 'batch',
      });
    }
    const ingestion = openIngestion(deps, received, sentAtOf(body), wantsVerdicts(body));
    if (count === 0) return verdictsOrNot(body, []);
    for (const event of events) ingestion.add(event, mayBeIllFormed);
    if (scanned) for (let number = 0; number < count; number++) ingestion.addScanned(scanned, number);
    const { record, outcomes } = ingestion.finish();
    await deps.log.append(record);
    return verdictsOrNot(body, outcomes);
  };

  const takeOne = (type: EventType) => async (c: Context<CollectorEnv>) => {
    const received = await receive(c, deps, budget, {});
    wantsVerdicts(received.body);
    received.body.type = type;
    return verdictsOrNot(received.body, await ingestOne(deps, received, received.body, (field) => field));
  };

  const takeShortForm = async (c: Context<CollectorEnv>): Promise<Response> => {
    const received = await receive(c, deps, budget, { allowDemo: true });
    const [outcome] = await ingestOne(deps, received, fromShortForm(received.body), shortFieldName);
    return jsonResponse(JSON.stringify({ success: true, event_id: outcome?.messageId }));
  };

  const add = (path: string, handler: Handler): void => addRoute(routes, 'POST', path, handler);
  add('/v1/batch', takeBatch);
  add('/v1/b', takeBatch);
  for (const [name, type] of Object.entries(EVENT_ROUTES)) add(`/v1/${name}`, takeOne(type));
  add('/track', takeShortForm);
  for (const path of ['/v1/*', '/track/*']) {
    routes.all(path, (c) => {
      throw new HttpError(404, 'unknown_route', `expected a route such as /v1/batch, got ${c.req.path}`);
    });
  }
  return routes;
}
