import { type Json, MAX_MESSAGE_ID_BYTES, wellFormedString } from '@millrace/core';
import type { RejectedRow } from '@millrace/warehouse-schema';
import type { Rejection } from './check-event.ts';
import { isMessageId } from './check-event.ts';
import { truncateAddress } from './enrich/truncate-address.ts';
import type { RequestScope } from './event-row.ts';
import { stringifyDeep } from './stringify-deep.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The messageId of anything that came as an event; empty where it has none that the wire allows. */
function messageIdOf(value: unknown): string {
  const id = isFields(value) ? value.messageId : undefined;
  return typeof id === 'string' && isMessageId(id) ? id : '';
}

/** What a verdict calls an event that is refused: its messageId as it came, also an unusable one, cut to 128 bytes. */
export function namedAs(value: unknown): string {
  const id = isFields(value) ? value.messageId : undefined;
  return typeof id === 'string' || typeof id === 'number' ? cutToBytes(String(id), MAX_MESSAGE_ID_BYTES) : '';
}

function cutToBytes(text: string, bytes: number): string {
  const wellFormed = wellFormedString(text);
  // `write` leaves out a character that does not fit whole.
  const buffer = Buffer.alloc(bytes);
  return buffer.toString('utf8', 0, buffer.write(wellFormed));
}

/** Lists within lists that are looked into for events. */
const MAX_LIST_DEPTH = 16;

/**
 * The event as it came, but for `context.ip`, which is kept nowhere in full; a list stands for what it holds.
 * What else an event or a text may say of its sender stays: of what is not understood nothing is known.
 */
function withoutAddress(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) {
    return depth < MAX_LIST_DEPTH ? value.map((one) => withoutAddress(one, depth + 1)) : value;
  }
  if (!isFields(value) || !isFields(value.context) || value.context.ip === undefined) return value;
  const { ip, ...context } = value.context;
  const cut = typeof ip === 'string' ? truncateAddress(ip) : undefined;
  return { ...value, context: cut === undefined ? context : { ...context, ip: cut } };
}

/** The row of `rejected_events` for an event, as one line of JSON, its newline included. */
export function renderRejected(
  value: unknown,
  rejection: Rejection,
  scope: RequestScope,
  path: string,
): string {
  const row: RejectedRow = {
    project_id: scope.projectId,
    message_id: wellFormedString(messageIdOf(value)),
    reason: rejection.reason,
    detail: `${rejection.field ? `${path}.${rejection.field}` : path}: ${rejection.detail}`,
    received_at: scope.receivedAt,
    payload: stringifyDeep(withoutAddress(value) as Json),
    retention_days: scope.retentionDays,
  };
  if (rejection.field) row.field = rejection.field;
  return `${JSON.stringify(row)}\n`;
}
