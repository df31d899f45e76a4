import { describe, expect, it } from 'vitest';
import { classifyInsertError, tryInsert } from './insert-outcome.ts';

const clickHouseError = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('the outcome of an insert', () => {
  it('is known when it succeeds', async () => {
    expect(await tryInsert(async () => {})).toEqual({ kind: 'done' });
  });

  it('names the refused row where ClickHouse does', () => {
    const error = clickHouseError('27', "Cannot parse input: expected '\"': (at row 17)");
    expect(classifyInsertError(error)).toEqual({ kind: 'refused', message: error.message, row: 16 });
    expect(classifyInsertError(clickHouseError('117', 'no row'))).toMatchObject({
      kind: 'refused',
      row: null,
    });
  });

  it('is a refusal with whatever code names a row, but for those of the server itself', () => {
    expect(classifyInsertError(clickHouseError('999', 'new (at row 2)'))).toMatchObject({
      kind: 'refused',
      row: 1,
    });
    expect(classifyInsertError(clickHouseError('241', 'memory (at row 2)')).kind).toBe('unknown');
    expect(classifyInsertError(clickHouseError('ECONNRESET', 'reset (at row 2)')).kind).toBe('unknown');
  });

  it('is nothing where there was no connection', () => {
    const error = clickHouseError('ECONNREFUSED', 'connect');
    expect(classifyInsertError(error).kind).toBe('unsent');
    expect(classifyInsertError(new Error('request failed', { cause: error })).kind).toBe('unsent');
  });

  it.each(['241', '252', '60', 'ECONNRESET', 'ETIMEDOUT'])('is unknown after %s', (code) => {
    expect(classifyInsertError(clickHouseError(code, 'failed')).kind).toBe('unknown');
  });

  it('is unknown after whatever else is thrown', () => {
    expect(classifyInsertError(new Error('Timeout error.')).kind).toBe('unknown');
    expect(classifyInsertError('text').kind).toBe('unknown');
    expect(classifyInsertError(undefined).kind).toBe('unknown');
  });
});
