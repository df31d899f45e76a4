import { type Json, makeWellFormed, type Verdict } from '@millrace/core';
import type { CollectorLimits } from '../collector-limits.ts';
import type { EventMark, LogRecord, RecordMeta } from '../log/record.ts';
import { createByteWriter } from './byte-writer.ts';
import { checkEvent, type Rejection } from './check-event.ts';
import { type RequestScope, scopeMembers, writeEventRow } from './event-row.ts';
import { namedAs, renderRejected } from './reject-event.ts';
import { parseScanned, type ScannedBatch } from './scan/scan-batch.ts';
import { writeScannedRow } from './scan/scanned-row.ts';

/** What the events of one request have in common. */
export interface IngestInput {
  scope: RequestScope;
  limits: CollectorLimits;
  /** Bytes of the body that the events came in: a small one holds no event that is too large. */
  bodyBytes: number;
  newId: () => string;
  /** Whether the outcomes are wanted; a batch that asks for no verdicts is answered without. */
  wantsOutcomes: boolean;
}

/** What became of one event, in request order. */
export interface Outcome {
  messageId: string;
  /** The server made `messageId`, so that a retry cannot be told from a new event. */
  madeByServer: boolean;
  rejection?: Rejection;
}

/** What goes into the log for a request, and what the client may be told. */
interface IngestResult {
  record: LogRecord;
  /** One per event, or none if they are not wanted. */
  outcomes: Outcome[];
}

/** Gathers the events of one request into a record; see `createIngestion`. */
export interface Ingestion {
  /** Takes an event as it was parsed, whatever it is. `mayBeIllFormed`: a string of it may hold a lone surrogate. */
  add(value: unknown, mayBeIllFormed: boolean): void;
  /** Takes an event whose bytes were scanned; those that are out of the ordinary are parsed after all. */
  addScanned(batch: ScannedBatch, number: number): void;
  finish(): IngestResult;
}

/**
 * Turns the events of a request into one record of the log: a row for each that is accepted, a
 * rejected row with its reason for each other one. Pure but for `newId`; never throws on any JSON.
 */
export function createIngestion(input: IngestInput): Ingestion {
  const { scope, limits, wantsOutcomes } = input;
  const { clockSetAt = Number.NEGATIVE_INFINITY } = scope;
  const sizeKnown = input.bodyBytes <= limits.maxEventBytes;
  // A row is about half as long again as its event: what is derived is added, what is named twice is not.
  const rows = createByteWriter(2 * input.bodyBytes + 4096);
  const rejected = createByteWriter(0);
  let rejectedCount = 0;
  const outcomes: Outcome[] = [];
  const marks: RecordMeta['marks'] = [];
  const shared = scopeMembers(scope);

  const reject = (value: unknown, rejection: Rejection): void => {
    rejected.text(renderRejected(value, rejection, scope, `batch[${marks.length + rejectedCount}]`));
    rejectedCount++;
    if (wantsOutcomes) outcomes.push({ messageId: namedAs(value), madeByServer: false, rejection });
  };
  const accept = (mark: EventMark, madeByServer: boolean): void => {
    // An id that was made just now cannot have been seen: the loader need not look it up.
    if (madeByServer) mark[1] = scope.receivedAt;
    // It may have come before under a clock that said something else, so the loader must look it up.
    else if (mark[1] !== null && mark[1] < clockSetAt) mark[1] = null;
    marks.push(mark);
    if (wantsOutcomes) outcomes.push({ messageId: mark[0], madeByServer });
  };
  const add = (value: unknown, mayBeIllFormed: boolean): void => {
    const checked = checkEvent(value, limits, sizeKnown);
    if ('rejection' in checked) {
      reject(value, checked.rejection);
      return;
    }
    if (mayBeIllFormed) makeWellFormed(checked.event as Json);
    const { event } = checked;
    const mark = writeEventRow(event, event.messageId ?? input.newId(), scope, shared, rows);
    if ('reason' in mark) reject(value, mark);
    else accept(mark, event.messageId == null);
  };
  return {
    add,
    addScanned(batch, number) {
      const mark = writeScannedRow(batch, number, limits.maxEventBytes, scope, shared, rows);
      if (mark) accept(mark, false);
      else add(parseScanned(batch, number), false);
    },
    finish() {
      const { projectId, receivedAt } = scope;
      const meta: RecordMeta = { v: 1, projectId, receivedAt, marks, rejected: rejectedCount };
      return { record: { meta, rows: rows.toBuffer(), rejected: rejected.toBuffer() }, outcomes };
    },
  };
}

/** The verdict that a client is given on an event. */
export function toVerdict({ messageId, madeByServer, rejection }: Outcome): Verdict {
  if (rejection) return { messageId, status: 'rejected', reason: rejection.reason };
  return madeByServer ? { messageId, status: 'ok', reason: 'no_message_id' } : { messageId, status: 'ok' };
}
