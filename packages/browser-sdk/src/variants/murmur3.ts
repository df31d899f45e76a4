/**
 * core's murmur3.ts for a page, which the build puts in its place: by the byte and without memory of salts, so that it is
 * small. A page hashes one visitor, not a million.
 */
export function murmur3(text: string): number {
  const bytes = new TextEncoder().encode(text);
  let hash = 0;
  let block = 0;
  let at = 0;
  const mix = (): void => {
    block = Math.imul(block, 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    block = 0;
  };
  for (const byte of bytes) {
    block |= byte << (at++ << 3);
    // A shift takes the last five bits of what it is given: a block is full after four bytes.
    if (at & 3) continue;
    mix();
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  mix();
  hash ^= at;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash of `salt:text`. */
export function createSaltedHash(): (salt: string, text: string) => number {
  return (salt, text) => murmur3(`${salt}:${text}`);
}
