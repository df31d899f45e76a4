import type { EventType } from '@millrace/core';
import { type Context, Hono } from 'hono';
import type { CollectorDeps } from '../collector-deps.ts';
import { createIngestion, type Outcome, toVerdict } from '../ingest/ingestion.ts';
import { parseTime } from '../ingest/parse-time.ts';
import { scanBatch } from '../ingest/scan/scan-batch.ts';
import { createByteBudget } from './byte-budget.ts';
import { CORS_HEADERS, preflightResponse } from './cors.ts';
import { HttpError } from './http-error.ts';
import { type CollectorEnv, type Received, receive } from './receive.ts';
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

const HEADERS = { ...CORS_HEADERS, 'content-type': 'application/json' };
const ACCEPTED = '{"success":true}';

const accepted = (body: string): Response => new Response(body, { status: 200, headers: HEADERS });

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
  accepted(
    wantsVerdicts(body) ? JSON.stringify({ success: true, verdicts: outcomes.map(toVerdict) }) : ACCEPTED,
  );

/** The routes that take events. Each answers 2xx only once the log has them durably. */
export function createIngestRoutes(deps: CollectorDeps): Hono<CollectorEnv> {
  const routes = new Hono<CollectorEnv>();
  const { limits } = deps;
  const budget = createByteBudget(limits.maxInFlightBytes);

  const open = (received: Received, sentAt: number | undefined, wantsOutcomes: boolean) =>
    createIngestion({
      scope: {
        projectId: received.project.projectId,
        retentionDays: received.project.retentionDays,
        ip: received.ip,
        userAgent: received.userAgent,
        receivedAt: received.receivedAt,
        clockSetAt: received.clockSetAt,
        sentAt,
      },
      limits,
      bodyBytes: received.bodyBytes,
      newId: deps.newId,
      wantsOutcomes,
    });

  /** Takes one event or throws why not: nothing of a refused single event is kept. */
  const ingestOne = async (received: Received, event: Fields, nameOf: (field: string) => string) => {
    const ingestion = open(received, undefined, true);
    ingestion.add(event, received.mayBeIllFormed);
    const { record, outcomes } = ingestion.finish();
    const [outcome] = outcomes;
    if (outcome?.rejection) {
      const { reason, field, detail } = outcome.rejection;
      const status = reason === 'event_too_large' ? 413 : 400;
      throw new HttpError(status, reason, detail, { field: field === '' ? undefined : nameOf(field) });
    }
    await deps.log.append(record);
    return outcomes;
  };

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
    const ingestion = open(received, sentAtOf(body), wantsVerdicts(body));
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
    return verdictsOrNot(received.body, await ingestOne(received, received.body, (field) => field));
  };

  const takeShortForm = async (c: Context<CollectorEnv>): Promise<Response> => {
    const received = await receive(c, deps, budget, { allowDemo: true });
    const [outcome] = await ingestOne(received, fromShortForm(received.body), shortFieldName);
    return accepted(JSON.stringify({ success: true, event_id: outcome?.messageId }));
  };

  const add = (path: string, handler: (c: Context<CollectorEnv>) => Promise<Response>): void => {
    routes.post(path, handler);
    routes.options(path, (c) => preflightResponse(c.req.header('access-control-request-headers')));
    routes.all(path, () => {
      throw new HttpError(405, 'method_not_allowed', 'expected POST', { allow: 'POST, OPTIONS' });
    });
  };
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
