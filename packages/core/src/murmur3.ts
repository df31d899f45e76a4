import { forEachUtf8Byte } from './utf8.ts';

/** The hash of the blocks so far, the bytes after them that fill no block yet, and the number of bytes in all. */
type State = [hash: number, tail: number, length: number] & Int32Array;

/** Where every hash is made; no call leaves anything there. */
const scratch = /* @__PURE__ */ new Int32Array(3) as State;

/**
 * MurmurHash3 x86_32 of the UTF-8 bytes of `text`, unsigned. The same number as ClickHouse's
 * `murmurHash3_32(text)` for seed 0; `spec/bucketing.json` holds vectors.
 */
export function murmur3(text: string, seed = 0): number {
  scratch[0] = seed;
  scratch[1] = scratch[2] = 0;
  absorb(scratch, scratch, text);
  return digest(scratch);
}

/**
 * The hash of `prefix + text` under seed 0, for many texts: the prefix is read once. A surrogate pair must not begin in
 * the one and end in the other.
 */
export function murmur3After(prefix: string): (text: string) => number {
  const start = new Int32Array(3) as State;
  absorb(start, start, prefix);
  return (text) => {
    absorb(start, scratch, text);
    return digest(scratch);
  };
}

/** The hash of `salt:text` under seed 0, for few salts and many texts: of each salt it keeps what murmur3After does. */
export function createSaltedHash(): (salt: string, text: string) => number {
  const hashes = new Map<string, (text: string) => number>();
  return (salt, text) => {
    let hash = hashes.get(salt);
    if (!hash) {
      hash = murmur3After(`${salt}:`);
      hashes.set(salt, hash);
    }
    return hash(text);
  };
}

/** Makes `to` what `from` becomes by `text`. ASCII, which is what ids and salts are, goes by the block. */
function absorb(from: State, to: State, text: string): void {
  let hash = from[0];
  let tail = from[1];
  const length = from[2];
  const shift = (length & 3) << 3;
  let at = 0;
  for (; at + 3 < text.length; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 0x7f) break;
    const word = a | (b << 8) | (c << 16) | (d << 24);
    hash = addBlock(hash, tail | (word << shift));
    // In two steps: a shift by 32 would be none.
    tail = (word >>> 1) >>> (31 - shift);
  }
  to[0] = hash;
  to[1] = tail;
  to[2] = length + at;
  if (at < text.length) absorbBytes(to, text, at);
}

/** By the byte, from the index `at` on. */
function absorbBytes(state: State, text: string, at: number): void {
  forEachUtf8Byte(
    text,
    (byte) => {
      state[1] |= byte << ((state[2] & 3) << 3);
      if ((++state[2] & 3) === 0) {
        state[0] = addBlock(state[0], state[1]);
        state[1] = 0;
      }
    },
    at,
  );
}

function digest(state: State): number {
  let hash = state[0];
  hash ^= mixBlock(state[1]) ^ state[2];
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function addBlock(hash: number, block: number): number {
  const mixed = hash ^ mixBlock(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function mixBlock(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
