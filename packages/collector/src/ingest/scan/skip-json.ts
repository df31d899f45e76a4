/**
 * Skips JSON in bytes without making anything of it, but only JSON that is byte for byte what
 * `JSON.stringify(JSON.parse(it))` would write: no whitespace, no needless escape, no odd number, no
 * key twice, no key that a JavaScript object would move. What passes can be copied into a row as it
 * stands, and hashes as it would have if it had been parsed. Everything else is left to `JSON.parse`.
 */

/** What a skip answers for bytes that are malformed, or well-formed in another way than above. */
export const FAIL = -1;

interface WantedMember {
  /** The key with its quotes and its colon. */
  readonly key: Uint8Array;
  readonly slot: number;
  /** What is wanted within the value, if that is an object. */
  readonly within: WantedMembers | undefined;
}

/** Members of an object whose places are wanted. */
export interface WantedMembers {
  /** The members by the lowest bits of their keys' hashes; the length is a power of two. */
  readonly table: readonly (WantedMember | undefined)[];
  /** Where each value stands: its start at `spans[at + 2 * slot]`, its end after that. */
  spans: Int32Array;
  at: number;
}

function hashKey(key: string): number {
  let hash = 0;
  for (const byte of Buffer.from(key)) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

/**
 * The members called `keys`, each with the slot of its number, as `skipObject` wants to know them;
 * `within` says what is wanted of the values of some.
 */
export function wantMembers(
  keys: readonly string[],
  within: Readonly<Record<string, WantedMembers>> = {},
): WantedMembers {
  let size = 1;
  // As large as it takes for each key to have a place of its own.
  while (new Set(keys.map((key) => hashKey(key) & (size - 1))).size < keys.length) size *= 2;
  const table: (WantedMember | undefined)[] = Array.from({ length: size });
  for (const [slot, key] of keys.entries()) {
    table[hashKey(key) & (size - 1)] = { key: Buffer.from(`"${key}":`), slot, within: within[key] };
  }
  return { table, spans: new Int32Array(0), at: 0 };
}

/** Skips JSON; see the head of this file. Each skip answers where what it skipped ends, or `FAIL`. */
export interface JsonSkipper {
  /** Must be called before each scan: one that failed leaves its keys behind. */
  reset(): void;
  /** Skips any value, nested at most `maxDepth` levels. */
  skipValue(bytes: Uint8Array, start: number, maxDepth: number): number;
  /** Skips an object, and notes where the values of wanted members stand. */
  skipObject(bytes: Uint8Array, start: number, maxDepth: number, wanted?: WantedMembers): number;
}

/**
 * Makes a skipper, for one scan at a time. Its tables are constants of a closure because a bundler
 * makes variables of a module's constants, and those cost this code a third of its speed.
 */
export function createJsonSkipper(): JsonSkipper {
  const FAILED = FAIL;
  const QUOTE = 0x22;
  const OPEN_OBJECT = 0x7b;
  const CLOSE_OBJECT = 0x7d;
  const OPEN_ARRAY = 0x5b;
  const CLOSE_ARRAY = 0x5d;
  const COLON = 0x3a;
  const COMMA = 0x2c;
  const BACKSLASH = 0x5c;
  const MINUS = 0x2d;
  const POINT = 0x2e;
  const ZERO = 0x30;
  const NINE = 0x39;

  const MAX_KEYS_OF_AN_OBJECT = 64;

  const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
    byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
  );
  const SHORT_ESCAPE = new Uint8Array(256);
  for (const character of '"\\bfnrt') SHORT_ESCAPE[character.charCodeAt(0)] = 1;

  // Hashes of the keys of all objects that are open, to find one that comes twice.
  const keyHashes = new Int32Array(16 * 1024);
  let openKeys = 0;

  /** Skips the string whose opening quote is at `start`. */
  function skipString(bytes: Uint8Array, start: number): number {
    let at = start + 1;
    for (;;) {
      while (PLAIN[bytes[at] as number] === 1) at++;
      if (bytes[at] === QUOTE) return at + 1;
      if (bytes[at] !== BACKSLASH || SHORT_ESCAPE[bytes[at + 1] as number] !== 1) return FAILED;
      at += 2;
    }
  }

  function skipDigits(bytes: Uint8Array, start: number): number {
    let at = start;
    while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
    return at;
  }

  function skipZeros(bytes: Uint8Array, start: number): number {
    let at = start;
    while (bytes[at] === ZERO) at++;
    return at;
  }

  /** Skips the digits after a point; `isZero` says that none but a zero stands before it. */
  function skipFraction(bytes: Uint8Array, start: number, wholeDigits: number, isZero: boolean): number {
    const end = skipDigits(bytes, start);
    if (end === start || bytes[end - 1] === ZERO || wholeDigits + end - start > 15) return FAILED;
    // Below a millionth JavaScript writes an exponent.
    return isZero && skipZeros(bytes, start) - start > 5 ? FAILED : end;
  }

  /** Skips a number of at most 15 digits, which a double keeps, written as JavaScript writes it. */
  function skipNumber(bytes: Uint8Array, start: number): number {
    const whole = bytes[start] === MINUS ? start + 1 : start;
    const end = skipDigits(bytes, whole);
    const digits = end - whole;
    const isZero = bytes[whole] === ZERO;
    if (digits === 0 || (isZero && digits > 1)) return FAILED;
    if (bytes[end] === POINT) return skipFraction(bytes, end + 1, digits, isZero);
    const isMinusZero = isZero && whole > start;
    return digits > 15 || isMinusZero ? FAILED : end;
  }

  function skipWord(bytes: Uint8Array, start: number, word: string): number {
    for (let index = 0; index < word.length; index++) {
      if (bytes[start + index] !== word.charCodeAt(index)) return FAILED;
    }
    return start + word.length;
  }

  function skipArray(bytes: Uint8Array, start: number, maxDepth: number): number {
    if (maxDepth === 0) return FAILED;
    let at = start + 1;
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    for (;;) {
      at = skipValue(bytes, at, maxDepth - 1);
      if (at === FAILED) return FAILED;
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return FAILED;
      at++;
    }
  }

  /** Notes a key of the object whose keys begin at `firstKey`; false if it came before or there are too many. */
  function noteKey(hash: number, firstKey: number): boolean {
    if (openKeys - firstKey === MAX_KEYS_OF_AN_OBJECT || openKeys === keyHashes.length) return false;
    for (let index = firstKey; index < openKeys; index++) if (keyHashes[index] === hash) return false;
    keyHashes[openKeys++] = hash;
    return true;
  }

  /** Skips the key that begins at `start` and its colon, and notes it. Answers where its value begins. */
  function skipKey(bytes: Uint8Array, start: number, firstKey: number): number {
    if (bytes[start] !== QUOTE) return FAILED;
    let at = start + 1;
    // An object moves keys that look like an index to its front.
    if ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) return FAILED;
    let hash = 0;
    while (PLAIN[bytes[at] as number] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== COLON) return FAILED;
    return noteKey(hash, firstKey) ? at + 2 : FAILED;
  }

  /** The wanted member whose key stands between `keyAt` and `valueAt`, if it is one. */
  function findWanted(
    bytes: Uint8Array,
    keyAt: number,
    valueAt: number,
    { table }: WantedMembers,
  ): WantedMember | undefined {
    const member = table[(keyHashes[openKeys - 1] as number) & (table.length - 1)];
    if (!member || valueAt - keyAt !== member.key.length) return undefined;
    for (let index = 0; index < member.key.length; index++) {
      if (bytes[keyAt + index] !== member.key[index]) return undefined;
    }
    return member;
  }

  /** Skips the value of a member, and notes its place if it is wanted. */
  function skipMember(
    bytes: Uint8Array,
    keyAt: number,
    valueAt: number,
    maxDepth: number,
    wanted: WantedMembers,
  ): number {
    const member = findWanted(bytes, keyAt, valueAt, wanted);
    const end =
      member?.within && bytes[valueAt] === OPEN_OBJECT
        ? skipObject(bytes, valueAt, maxDepth, member.within)
        : skipValue(bytes, valueAt, maxDepth);
    if (member) {
      wanted.spans[wanted.at + 2 * member.slot] = valueAt;
      wanted.spans[wanted.at + 2 * member.slot + 1] = end;
    }
    return end;
  }

  function skipObject(bytes: Uint8Array, start: number, maxDepth: number, wanted?: WantedMembers): number {
    if (maxDepth === 0) return FAILED;
    const firstKey = openKeys;
    let at = start;
    if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
    do {
      const keyAt = at + 1;
      const valueAt = skipKey(bytes, keyAt, firstKey);
      if (valueAt === FAILED) return FAILED;
      at = wanted
        ? skipMember(bytes, keyAt, valueAt, maxDepth - 1, wanted)
        : skipValue(bytes, valueAt, maxDepth - 1);
      if (at === FAILED) return FAILED;
    } while (bytes[at] === COMMA);
    openKeys = firstKey;
    return bytes[at] === CLOSE_OBJECT ? at + 1 : FAILED;
  }

  /** Skips any value, nested at most `maxDepth` levels. */
  function skipValue(bytes: Uint8Array, start: number, maxDepth: number): number {
    switch (bytes[start]) {
      case QUOTE:
        return skipString(bytes, start);
      case OPEN_OBJECT:
        return skipObject(bytes, start, maxDepth);
      case OPEN_ARRAY:
        return skipArray(bytes, start, maxDepth);
      case 0x74:
        return skipWord(bytes, start, 'true');
      case 0x66:
        return skipWord(bytes, start, 'false');
      case 0x6e:
        return skipWord(bytes, start, 'null');
      default:
        return skipNumber(bytes, start);
    }
  }

  return {
    reset() {
      openKeys = 0;
    },
    skipValue,
    skipObject,
  };
}
