import { describe, expect, it } from 'vitest';
import { makeRecord, RECEIVED_AT } from '../../loader/testing/make-record.ts';
import {
  decodeEventsMessage,
  decodeRejectedMessage,
  encodeEventsMessage,
  encodeRejectedMessage,
  type LogMessage,
} from './message.ts';

const asReceived = ({ value, headers }: LogMessage) => ({
  value,
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
});

const two = makeRecord({ events: [{ id: 'ä-1', madeAt: 5 }, { id: 'b' }], projectId: 7 });
const events = asReceived(encodeEventsMessage(two.meta, two.meta.marks, two.rows));

describe('a message of the events topic', () => {
  it('gives the record back that it was made of', () => {
    expect(decodeEventsMessage(events)).toEqual(two);
  });

  it('is read without its last newline', () => {
    const value = events.value.subarray(0, -1);
    expect(decodeEventsMessage({ ...events, value }).meta.marks).toHaveLength(2);
  });

  it.each([
    ['without headers', { value: events.value, headers: undefined }, 'header p'],
    ['without a value', { ...events, value: null }, 'value'],
    ['with a mark too few', { ...events, headers: { ...events.headers, m: '[["b",null,1]]' } }, '2 marks'],
    ['with marks that are no JSON', { ...events, headers: { ...events.headers, m: '[[' } }, 'header m'],
    ['with a time in words', { ...events, headers: { ...events.headers, r: 'noon' } }, 'header r'],
  ])('%s is refused, and what is wrong is named', (_, message, named) => {
    expect(() => decodeEventsMessage(message)).toThrow(named);
  });
});

describe('a message of the rejected topic', () => {
  it('gives the rejected rows back', () => {
    const record = makeRecord({ events: [], rejected: ['x', 'y'] });
    const message = asReceived(encodeRejectedMessage(record.meta, record.rejected));
    expect(decodeRejectedMessage(message)).toEqual(record);
    expect(decodeRejectedMessage(message).meta.receivedAt).toBe(RECEIVED_AT);
  });
});
