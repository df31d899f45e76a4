import { expect, it } from 'vitest';
import { readAnswer } from './run-query.ts';

it('reads FORMAT JSON as a table, anything else as text', () => {
  const answer = readAnswer(
    '{"meta":[{"name":"n","type":"UInt64"}],"data":[{"n":1}],"rows":1,"statistics":{"elapsed":0.002,"rows_read":3,"bytes_read":4}}',
  );
  expect(answer).toMatchObject({ kind: 'table', rows: [{ n: 1 }], elapsedMs: 2, rowsRead: 3 });
  expect(readAnswer('1,2\n')).toEqual({ kind: 'text', text: '1,2\n' });
  expect(readAnswer('{"n":1}')).toEqual({ kind: 'text', text: '{"n":1}' });
});

it('an error half-way through an answer is an error', () => {
  expect(() => readAnswer('{"meta":[],"data":[],"exception":"Code: 241"}')).toThrow('Code: 241');
});
