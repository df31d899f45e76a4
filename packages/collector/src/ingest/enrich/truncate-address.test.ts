import { describe, expect, it } from 'vitest';
import { truncateAddress } from './truncate-address.ts';

describe('truncateAddress', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['::FFFF:203.0.113.77', '203.0.113.0'],
    ['::ffff:cb00:71b1', '203.0.113.0'],
    ['0:0:0:0:0:ffff:cb00:71b1', '203.0.113.0'],
    ['0000:0000:0000:0000:0000:FFFF:203.0.113.77', '203.0.113.0'],
    ['::ffff:0:1', '0.0.0.0'],
    ['::fffe:cb00:71b1', '::'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['2001:DB8:0:1::1', '2001:db8::'],
    ['2001:db8::1', '2001:db8::'],
    ['2001::1', '2001::'],
    ['2001:0:5:1::', '2001:0:5::'],
    ['::1:2:3:4:5:6:7', '0:1:2::'],
    ['::1', '::'],
    ['::', '::'],
    ['fe80::1%eth0', 'fe80::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::'],
  ])('cuts %s to %s', (address, network) => {
    expect(truncateAddress(address)).toBe(network);
  });

  it.each([
    '',
    '0.0.0.0',
    '::ffff:0.0.0.0',
    '::ffff:0:0',
    'localhost',
    '1.2.3',
    '203.0.113.77:443',
    '1.2.3.4, 5.6.7.8',
  ])('keeps nothing of %j', (address) => {
    expect(truncateAddress(address)).toBeUndefined();
  });
});
