import { describe, expect, it } from 'vitest';
import {
  EVENTS_TOPIC,
  encodeEventsMessage,
  encodeRejectedMessage,
  REJECTED_TOPIC,
} from '../../log/kafka/message.ts';
import { makeRecord } from '../testing/make-record.ts';
import { type PlacedMessage, partitionLogId, storedMessage } from './stored-messages.ts';

const record = makeRecord({ projectId: 7, events: [{ id: 'a' }, { id: 'b' }], rejected: ['r'] });
const placed = (message: Pick<PlacedMessage, 'value' | 'headers'>): PlacedMessage => {
  return { ...message, offset: 41, timestamp: 5000 };
};
const foreign = (message: Pick<PlacedMessage, 'value' | 'headers'>, topic = EVENTS_TOPIC) => {
  const stored = storedMessage(topic, 3, placed(message));
  return { stored, row: JSON.parse(stored.rejected.toString('utf8')) as Record<string, unknown> };
};

describe('a message as a record', () => {
  it('of events has their rows and marks, and its offset as its place', () => {
    const message = encodeEventsMessage(record.meta, record.meta.marks, record.rows);
    expect(storedMessage(EVENTS_TOPIC, 3, placed(message))).toEqual({
      meta: { ...record.meta, rejected: 0 },
      rows: record.rows,
      rejected: Buffer.alloc(0),
      logId: 'kafka:millrace.events:3',
      offset: 41,
      end: 42,
    });
    expect(partitionLogId(REJECTED_TOPIC, 0)).toBe('kafka:millrace.rejected:0');
  });

  it('of a rejected row has its name, where it was sent with one', () => {
    const named = storedMessage(
      REJECTED_TOPIC,
      3,
      placed(encodeRejectedMessage(record.meta, record.rejected, 'n:0')),
    );
    expect(named.meta).toMatchObject({ projectId: 7, marks: [], rejected: 1, rejectedIds: ['n:0'] });
    expect(JSON.parse(named.rejected.toString())).toMatchObject({ rejection_id: 'n:0', message_id: 'r' });
    const unnamed = storedMessage(
      REJECTED_TOPIC,
      3,
      placed(encodeRejectedMessage(record.meta, record.rejected)),
    );
    expect(unnamed.meta.rejectedIds).toBeUndefined();
    expect(unnamed.rejected).toEqual(record.rejected);
  });

  it.each([
    ['without headers', { value: Buffer.from('hello') }, 'hello'],
    ['without a value', { value: null }, ''],
    ['with marks for other lines', { value: record.rows, headers: { p: '7', r: '1', m: '[]' } }, undefined],
    ['with a project that is none', { value: record.rows, headers: { p: 'x', r: '1', m: '[]' } }, undefined],
  ])(
    'that Millrace did not write (%s) is a rejected row of project 0, received when the broker had it',
    (_, message, payload) => {
      for (const topic of [EVENTS_TOPIC, REJECTED_TOPIC]) {
        if (topic === REJECTED_TOPIC && 'headers' in message) continue;
        const { stored, row } = foreign(message, topic);
        expect(stored).toMatchObject({ offset: 41, end: 42, meta: { projectId: 0, marks: [], rejected: 1 } });
        expect(stored.rows).toHaveLength(0);
        expect(row).toMatchObject({ project_id: 0, reason: 'not_insertable', received_at: 5000 });
        if (payload !== undefined) expect(row.payload).toBe(payload);
        expect(row.detail).toMatch(/expected/);
      }
    },
  );
});
