import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { initialState, type LoaderState } from '../loader-state.ts';
import { decodeMetadata, encodeMetadata } from './offset-metadata.ts';

const start = { logId: 'kafka:millrace.events:3', offset: 70 };

function stateWith(pieces: number): LoaderState {
  const events = {
    pieces: Array.from({ length: pieces }, (_, n) => ({
      token: `kafka:millrace.events:3:70-90@abcd#${randomUUID()}`,
      ranges: [[n * 7, n * 7 + 3]] as [number, number][],
    })),
    refused: [[4, 'Cannot parse']] as [number, string][],
  };
  const plan = { start, end: 90, next: { ...start, offset: 90 }, parts: { events } };
  return { ...initialState(start), newestReceivedAt: 5, compareReceivedBefore: 9, plan };
}

it('keeps a state and its plan beside an offset', () => {
  const state = stateWith(40);
  const { metadata, isWhole } = encodeMetadata(state);
  expect(isWhole).toBe(true);
  expect(decodeMetadata(metadata, start.logId, 70)).toEqual(state);
});

it('leaves out pieces that a broker would not take, and keeps the bounds of the chunk', () => {
  const { metadata, isWhole } = encodeMetadata(stateWith(400));
  expect(isWhole).toBe(false);
  expect(metadata.length).toBeLessThan(4000);
  expect(decodeMetadata(metadata, start.logId, 70)?.plan).toMatchObject({ start, end: 90, parts: {} });
});

it.each(['', 'by kafka-consumer-groups', 'e30='])(
  'takes metadata %j of someone else for none',
  (metadata) => {
    expect(decodeMetadata(metadata, start.logId, 70)).toBeNull();
  },
);
