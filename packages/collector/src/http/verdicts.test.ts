import { describe, expect, it } from 'vitest';
import { createFixture, trackEvent } from '../testing/collector-fixture.ts';

describe('verdicts', () => {
  it('names a rejected event by the messageId that came, however unusable', async () => {
    const { batch, log } = createFixture();
    const ids = [7, '', 'é'.repeat(100), `a${'é'.repeat(100)}`, 'x\ud800', { a: 1 }, null];
    const { verdicts } = await batch(ids.map((messageId) => trackEvent({ messageId, event: '' })));
    expect(verdicts.map(({ messageId }) => messageId)).toEqual([
      '7',
      '',
      'é'.repeat(64),
      `a${'é'.repeat(63)}`,
      'x\ufffd',
      '',
      '',
    ]);
    expect(log.rejected().map((row) => row.message_id)).toEqual(['', '', '', '', 'x\ufffd', '', '']);
  });

  it.each([[1], [true]])('gives verdicts where they are asked for by %j', async (verdicts) => {
    expect((await createFixture().batch([trackEvent()], { verdicts })).verdicts).toHaveLength(1);
  });

  it.each([[0], [false], [null], [undefined]])('gives no verdicts for %j', async (verdicts) => {
    expect(await createFixture().batch([trackEvent()], { verdicts })).toEqual({ status: 200, success: true });
  });

  it.each([[2], ['1'], ['x'], [{}]])('refuses the request whose verdicts are %j', async (verdicts) => {
    const { batch, post, log } = createFixture();
    const error = { code: 'malformed_body', field: 'verdicts', message: 'expected 1, or nothing' };
    expect(await batch([trackEvent()], { verdicts })).toEqual({ status: 400, success: false, error });
    const single = await post('/v1/track', trackEvent({ writeKey: 'wk_test', verdicts }));
    expect(await single.json()).toEqual({ success: false, error });
    expect(log.records).toHaveLength(0);
  });
});
