import { isIP } from 'node:net';

/**
 * Cuts an address to its network, /24 of IPv4 and /48 of IPv6, so that no single client can be told
 * from it. An IPv4 address mapped into IPv6, however it is spelled, is cut as IPv4. Undefined for what is
 * no address, and for 0.0.0.0, by which Segment's libraries say "do not keep one".
 */
export function truncateAddress(address: string): string | undefined {
  const plain = address.split('%')[0] ?? '';
  const version = isIP(plain);
  if (version === 4) return truncateIPv4(plain.split('.').map(Number));
  if (version !== 6) return undefined;
  const groups = groupsOf(plain);
  if (isMapped(groups)) return truncateIPv4(groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]));
  return `${groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(^|:)0(:0)*$/, '$1')
    .replace(/:$/, '')}::`;
}

function truncateIPv4(bytes: number[]): string | undefined {
  return bytes.every((byte) => byte === 0) ? undefined : `${bytes.slice(0, 3).join('.')}.0`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = [], tail = []] = address.split('::').map(parseGroups);
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return [...head, ...zeros, ...tail];
}

/** Groups between colons; one that is written as IPv4 makes two. */
function parseGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function isMapped(groups: number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}
