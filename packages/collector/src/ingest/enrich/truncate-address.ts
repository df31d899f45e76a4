import { isIP } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Cuts an address to its network, /24 of IPv4 and /48 of IPv6, so that no single client can be told
 * from it. An IPv4 address mapped into IPv6 is cut as IPv4. Undefined for what is no address, and for
 * 0.0.0.0, by which Segment's libraries say "do not keep one".
 */
export function truncateAddress(address: string): string | undefined {
  const plain = MAPPED.exec(address)?.[1] ?? address.split('%')[0] ?? '';
  const version = isIP(plain);
  if (version === 4) {
    return plain === '0.0.0.0' ? undefined : `${plain.slice(0, plain.lastIndexOf('.'))}.0`;
  }
  if (version !== 6) return undefined;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  // Groups after "::" count from the end, and reach the first three only in forms like "::1:2:3:4:5:6:7".
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    const width = last.length + (tail.includes('.') ? 1 : 0);
    while (groups.length + width < 8) groups.push('0');
    groups.push(...last);
  }
  const network = groups.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network
    .join(':')
    .replace(/(^|:)0(:0)*$/, '$1')
    .replace(/:$/, '')}::`;
}
