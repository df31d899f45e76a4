import { BlockList, isIP } from 'node:net';

/** What is not of the public internet: IANA's special-purpose registries, multicast, and what is reserved. */
const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
const special = new BlockList();
for (const range of V4) {
  const [net = '', bits] = range.split('/');
  special.addSubnet(net, Number(bits), 'ipv4');
}
/** All that is given out as public IPv6 so far, less what holds or stands for other addresses. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const carved = new BlockList();
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [net = '', bits] = range.split('/');
  carved.addSubnet(net, Number(bits), 'ipv6');
}

/** Whether an address is one of the public internet; what is no address is none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  // An address with a zone (%eth0) is a link's.
  if (family !== 6 || address.includes('%')) return false;
  return global.check(address, 'ipv6') && !carved.check(address, 'ipv6');
}
