import { type Json, makeWellFormed, type Verdict } from '@millrace/core';
import type { CollectorLimits } from '../collector-limits.ts';
import type { LogRecord, RecordMeta } from '../log/record.ts';
import { createByteWriter } from './byte-writer.ts';
import { checkEvent, type Rejection } from './check-event.ts';
import { type RequestScope, scopeMembers, writeEventRow } from './event-row.ts';
import { messageIdOf, renderRejected } from './reject-event.ts';

/** The events of one request, parsed but unchecked. */
export interface IngestInput {
  events: readonly unknown[];
  scope: RequestScope;
  limits: CollectorLimits;
  /** Bytes of the body that the events came in: a small one holds no event that is too large. */
  bodyBytes: number;
  /** Whether a string of the body may hold a lone surrogate. */
  mayBeIllFormed: boolean;
  newId: () => string;
}

/** What became of one event, in request order. */
export interface Outcome {
  messageId: string;
  /** The server made `messageId`, so that a retry cannot be told from a new event. */
  madeByServer: boolean;
  rejection?: Rejection;
}

/** What goes into the log for a request, and what the client may be told. */
export interface IngestResult {
  record: LogRecord;
  outcomes: Outcome[];
}

/**
 * Turns the events of a request into one record of the log: a row for each that is accepted, a
 * rejected row with its reason for each other one. Pure but for `newId`; never throws on any JSON.
 */
export function ingestEvents(input: IngestInput): IngestResult {
  const { events, scope, limits } = input;
  const sizeKnown = input.bodyBytes <= limits.maxEventBytes;
  // A row is about half as long again as its event: what is derived is added, what is named twice is not.
  const rows = createByteWriter(2 * input.bodyBytes + 4096);
  const rejected = createByteWriter(0);
  let rejectedCount = 0;
  const outcomes: Outcome[] = [];
  const marks: RecordMeta['marks'] = [];
  const shared = scopeMembers(scope);

  const reject = (value: unknown, rejection: Rejection, index: number): void => {
    rejected.text(renderRejected(value, rejection, scope, `batch[${index}]`));
    rejectedCount++;
    outcomes.push({ messageId: messageIdOf(value), madeByServer: false, rejection });
  };

  for (const [index, value] of events.entries()) {
    const checked = checkEvent(value, limits, sizeKnown);
    if ('rejection' in checked) {
      reject(value, checked.rejection, index);
      continue;
    }
    const event = input.mayBeIllFormed
      ? (makeWellFormed(checked.event as Json) as typeof checked.event)
      : checked.event;
    const messageId = event.messageId ?? input.newId();
    const mark = writeEventRow(event, messageId, scope, shared, rows);
    if ('reason' in mark) {
      reject(value, mark, index);
      continue;
    }
    const madeByServer = event.messageId == null;
    // An id that was made just now cannot have been seen: the loader need not look it up.
    if (madeByServer) mark[1] = scope.receivedAt;
    marks.push(mark);
    outcomes.push({ messageId, madeByServer });
  }
  const meta: RecordMeta = {
    v: 1,
    projectId: scope.projectId,
    receivedAt: scope.receivedAt,
    marks,
    rejected: rejectedCount,
  };
  return { record: { meta, rows: rows.since(0), rejected: rejected.since(0) }, outcomes };
}

/** The verdict that a client is given on an event. */
export function toVerdict({ messageId, madeByServer, rejection }: Outcome): Verdict {
  if (rejection) return { messageId, status: 'rejected', reason: rejection.reason };
  return madeByServer ? { messageId, status: 'ok', reason: 'no_message_id' } : { messageId, status: 'ok' };
}
