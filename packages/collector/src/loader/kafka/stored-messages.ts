import type { StoredRecord } from '../../log/event-log.ts';
import {
  decodeEventsMessage,
  decodeRejectedMessage,
  MessageFormatError,
  REJECTED_TOPIC,
  type ReceivedMessage,
} from '../../log/kafka/message.ts';
import type { LogRecord } from '../../log/record.ts';
import { rejectedRow } from '../rejected-row.ts';

/** A message with its place in the partition and the broker's time for it, Unix milliseconds. */
export interface PlacedMessage extends ReceivedMessage {
  offset: number;
  timestamp: number;
}

/** The id of a partition as a log. */
export function partitionLogId(topic: string, partition: number): string {
  return `kafka:${topic}:${partition}`;
}

/**
 * A message as the loader reads it. One that Millrace did not write becomes a rejected row of project 0, with
 * its value as the payload: it is kept, and does not block the partition.
 */
export function storedMessage(topic: string, partition: number, message: PlacedMessage): StoredRecord {
  const { offset } = message;
  const record =
    topic === REJECTED_TOPIC ? read(decodeRejectedMessage, message) : read(decodeEventsMessage, message);
  return { ...record, logId: partitionLogId(topic, partition), offset, end: offset + 1 };
}

function read(decode: (message: ReceivedMessage) => LogRecord, message: PlacedMessage): LogRecord {
  try {
    return decode(message);
  } catch (error) {
    if (!(error instanceof MessageFormatError)) throw error;
    return foreignRecord(message, error.message);
  }
}

function foreignRecord({ value, timestamp }: PlacedMessage, detail: string): LogRecord {
  const origin = { projectId: 0, messageId: '', receivedAt: timestamp };
  const row = rejectedRow(value ?? Buffer.alloc(0), origin, { reason: 'not_insertable', detail });
  return {
    meta: { v: 1, projectId: 0, receivedAt: timestamp, marks: [], rejected: 1 },
    rows: Buffer.alloc(0),
    rejected: Buffer.concat([row, Buffer.from('\n')]),
  };
}
