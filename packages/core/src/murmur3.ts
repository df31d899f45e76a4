import { forEachUtf8Byte } from './utf8.ts';

/**
 * MurmurHash3 x86_32 of the UTF-8 bytes of `text`, unsigned. The same number as ClickHouse's
 * `murmurHash3_32(text)` for seed 0; `spec/bucketing.json` holds vectors.
 */
export function murmur3(text: string, seed = 0): number {
  let hash = seed;
  let block = 0;
  let length = 0;

  forEachUtf8Byte(text, (byte) => {
    block |= byte << ((length & 3) << 3);
    length++;
    if ((length & 3) === 0) {
      hash ^= mixBlock(block);
      hash = (hash << 13) | (hash >>> 19);
      hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
      block = 0;
    }
  });

  hash ^= mixBlock(block) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixBlock(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
