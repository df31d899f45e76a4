import { describe, expect, it } from 'vitest';
import { createFixture, trackEvent } from '../testing/collector-fixture.ts';
import { findRemoteAddress } from './remote-address.ts';

describe('findRemoteAddress', () => {
  it.each([
    ['127.0.0.1', undefined, 0, '127.0.0.1', true],
    ['::1', undefined, 0, '::1', true],
    ['::ffff:127.0.0.1', undefined, 0, '::ffff:127.0.0.1', true],
    ['203.0.113.7', undefined, 0, '203.0.113.7', false],
    ['203.0.113.7', '127.0.0.1', 0, '203.0.113.7', false],
    ['127.0.0.1', '203.0.113.7', 0, '127.0.0.1', false],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7', 1, '203.0.113.7', false],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7', false],
    ['10.0.0.1', '203.0.113.7', 5, '203.0.113.7', false],
    ['10.0.0.1', undefined, 1, '10.0.0.1', false],
    [undefined, '127.0.0.1', 1, undefined, false],
  ])(
    'from %s forwarded for %s over %i trusted hops is %s, loopback %s',
    (socket, forwarded, hops, address, local) => {
      expect(findRemoteAddress(socket, forwarded, hops)).toEqual({ address, isLoopback: local });
    },
  );

  it('is what the stored address is cut from', async () => {
    const { post, log } = createFixture({ trustedHops: 1 });
    await post(
      '/v1/batch',
      { batch: [trackEvent()], writeKey: 'wk_test' },
      { from: '10.0.0.1', headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.77' } },
    );
    expect(log.rows()).toMatchObject([{ ip: '203.0.113.0' }]);
    expect(log.records[0]?.rows.toString()).not.toContain('113.77');
  });
});
