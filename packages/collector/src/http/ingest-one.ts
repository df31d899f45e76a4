import type { CollectorDeps } from '../collector-deps.ts';
import { createIngestion, type Ingestion, type Outcome } from '../ingest/ingestion.ts';
import { HttpError } from './http-error.ts';
import type { Received } from './receive.ts';

/** Opens the record of a request; `sentAt` is the client's clock when it was sent. */
export function openIngestion(
  deps: CollectorDeps,
  received: Received,
  sentAt: number | undefined,
  wantsOutcomes: boolean,
): Ingestion {
  return createIngestion({
    scope: {
      projectId: received.project.projectId,
      retentionDays: received.project.retentionDays,
      ip: received.ip,
      userAgent: received.userAgent,
      receivedAt: received.receivedAt,
      clockSetAt: received.clockSetAt,
      sentAt,
    },
    limits: deps.limits,
    bodyBytes: received.bodyBytes,
    newId: deps.newId,
    wantsOutcomes,
  });
}

/**
 * Takes one event, durably, or throws why not: nothing of a refused single event is kept. `nameOf` gives what the route
 * calls a field of the event.
 */
export async function ingestOne(
  deps: CollectorDeps,
  received: Received,
  event: Record<string, unknown>,
  nameOf: (field: string) => string,
): Promise<readonly Outcome[]> {
  const ingestion = openIngestion(deps, received, undefined, true);
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
}
