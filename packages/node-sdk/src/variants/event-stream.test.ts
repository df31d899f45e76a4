import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { expect, it } from 'vitest';
import { createEventStreamReader } from './event-stream.ts';

const TEXT = [
  ': a comment\n\n',
  'event: definitions\ndata: {"version":1}\n\n',
  'event: other\ndata: no\n\n',
  'data: without a name\n\n',
  'event:definitions\r\ndata:{"version":2}\r\n\r\n',
  'event: definitions\n\n',
  'event: definitions\ndata: one\ndata: two\nretry: 10\n\n',
  'event: definitions\ndata: cut off',
].join('');

it('reads the events of a name, however the text is cut', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  for (let round = 0; round < 300; round++) {
    const found: string[] = [];
    const read = createEventStreamReader('definitions', (data) => found.push(data));
    for (let at = 0; at < TEXT.length; ) {
      const end = at + 1 + Math.floor(random.next() * 20);
      read(TEXT.slice(at, end));
      at = end;
    }
    expect(found, `seed ${seed}`).toEqual(['{"version":1}', '{"version":2}', 'one\ntwo']);
  }
});

it('gives up a line that never ends, and goes on after it', () => {
  const found: string[] = [];
  const read = createEventStreamReader('definitions', (data) => found.push(data));
  for (let i = 0; i < 100; i++) read('x'.repeat(1_000));
  read('\nevent: definitions\ndata: after\n\n');
  expect(found).toEqual(['after']);
});
