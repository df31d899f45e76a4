import { describe, expect, it } from 'vitest';
import { readOutcome } from './outcome.ts';

const outcome = (status: number, more: { body?: unknown; retryAfter?: string } = {}) =>
  readOutcome({ status, ...more }, 0);

describe('readOutcome', () => {
  it.each([0, 408, 425, 429, 500, 502, 503, 504, 599])('retries %i', (status) => {
    expect(outcome(status)).toEqual({ kind: 'retry', afterMs: 0 });
  });

  it('waits as long as Retry-After says', () => {
    expect(outcome(503, { retryAfter: '4' })).toEqual({ kind: 'retry', afterMs: 4000 });
  });

  it.each([400, 401, 402, 403, 404, 405, 415, 302])('stops at %i', (status) => {
    expect(outcome(status)).toEqual({ kind: 'stop', status });
  });

  it('splits at 413', () => {
    expect(outcome(413)).toEqual({ kind: 'split' });
  });

  it('takes a 2xx without verdicts as all accepted', () => {
    expect(outcome(202, { body: { success: true } })).toEqual({ kind: 'accepted' });
  });

  it('hands on the verdicts that name an event', () => {
    const verdict = { messageId: 'a', status: 'ok' };
    expect(outcome(200, { body: { success: true, verdicts: [verdict, null] } })).toEqual({
      kind: 'accepted',
      verdicts: [verdict],
    });
  });

  it.each([undefined, null, '<html>', {}, { success: 'true' }, { success: false }, []])(
    'retries a 2xx whose body is %j: nobody confirmed anything',
    (body) => {
      expect(outcome(200, { body })).toEqual({ kind: 'retry', afterMs: 0 });
    },
  );
});
