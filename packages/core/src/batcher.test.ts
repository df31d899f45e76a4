import { expect, it } from 'vitest';
import { batchBody } from './batcher.ts';

it('makes a batch of JSON that is taken over as it is', () => {
  const body = batchBody(['{"a": 1}', '{"b":"\\ud83d"}'], 'wk"1', '2026-01-01T00:00:00.000Z');
  expect(body).toContain('[{"a": 1},{"b":"\\ud83d"}]');
  expect(JSON.parse(body)).toMatchObject({
    writeKey: 'wk"1',
    sentAt: '2026-01-01T00:00:00.000Z',
    verdicts: 1,
  });
});
