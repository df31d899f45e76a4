/**
 * Skips JSON in bytes without making anything of it, but only JSON that is byte for byte what
 * `JSON.stringify(JSON.parse(it))` would write: no whitespace, no needless escape, no odd number, no
 * key twice, no key that a JavaScript object would move. What passes can be copied into a row as it
 * stands, and hashes as it would have if it had been parsed. Everything else is left to `JSON.parse`.
 */

/** What a skip answers for bytes that are malformed, or well-formed in another way than above. */
export const FAIL = -1;

export const QUOTE = 0x22;
export const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
export const COMMA = 0x2c;
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

/** Members of an object whose places are wanted. */
export interface WantedMembers {
  /** The slot of each wanted key, by the hash of the key. */
  readonly slots: ReadonlyMap<number, { readonly key: Uint8Array; readonly slot: number }>;
  /** Where each value stands: its start at `spans[at + 2 * slot]`, its end after that. */
  spans: Int32Array;
  at: number;
  /** What is wanted within the values of some slots, if they are objects. */
  readonly within: ReadonlyMap<number, WantedMembers>;
}

// Hashes of the keys of all objects that are open, to find one that comes twice. One scan at a time.
const keyHashes = new Int32Array(16 * 1024);
let openKeys = 0;

/** Must be called before each scan: one that failed leaves its keys behind. */
export function resetKeys(): void {
  openKeys = 0;
}

/** The members called `keys`, each with the slot of its number, as `skipObject` wants to know them. */
export function wantMembers(
  keys: readonly string[],
  within: ReadonlyMap<number, WantedMembers>,
): WantedMembers {
  const slots = new Map<number, { key: Uint8Array; slot: number }>();
  for (const [slot, name] of keys.entries()) {
    let hash = 0;
    for (const byte of Buffer.from(name)) hash = (Math.imul(hash, 31) + byte) | 0;
    slots.set(hash, { key: Buffer.from(`"${name}":`), slot });
  }
  return { slots, spans: new Int32Array(0), at: 0, within };
}

/** Skips the string whose opening quote is at `start`. */
export function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    while (PLAIN[bytes[at] as number] === 1) at++;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH || SHORT_ESCAPE[bytes[at + 1] as number] !== 1) return FAIL;
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

/** Skips a number of at most 15 digits, which a double keeps, written as JavaScript writes it. */
function skipNumber(bytes: Uint8Array, start: number): number {
  const whole = bytes[start] === MINUS ? start + 1 : start;
  let end = skipDigits(bytes, whole);
  let digits = end - whole;
  const isZero = bytes[whole] === ZERO;
  if (digits === 0 || (isZero && digits > 1)) return FAIL;
  if (bytes[end] === POINT) {
    const fraction = end + 1;
    end = skipDigits(bytes, fraction);
    digits += end - fraction;
    if (end === fraction || bytes[end - 1] === ZERO) return FAIL;
    // Below a millionth JavaScript writes an exponent.
    if (isZero && skipZeros(bytes, fraction) - fraction > 5) return FAIL;
  } else if (isZero && whole > start) {
    return FAIL;
  }
  return digits > 15 ? FAIL : end;
}

function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index++) {
    if (bytes[start + index] !== word.charCodeAt(index)) return FAIL;
  }
  return start + word.length;
}

function skipArray(bytes: Uint8Array, start: number, maxDepth: number): number {
  if (maxDepth === 0) return FAIL;
  let at = start + 1;
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipValue(bytes, at, maxDepth - 1);
    if (at === FAIL) return FAIL;
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (bytes[at] !== COMMA) return FAIL;
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
  if (bytes[start] !== QUOTE) return FAIL;
  let at = start + 1;
  // An object moves keys that look like an index to its front.
  if ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) return FAIL;
  let hash = 0;
  while (PLAIN[bytes[at] as number] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
  if (bytes[at] !== QUOTE || bytes[at + 1] !== COLON) return FAIL;
  return noteKey(hash, firstKey) ? at + 2 : FAIL;
}

/** The slot of the key that stands before the value at `valueAt`, if that is wanted. */
function wantedSlot(
  bytes: Uint8Array,
  keyAt: number,
  valueAt: number,
  wanted: WantedMembers,
): number | undefined {
  const entry = wanted.slots.get(keyHashes[openKeys - 1] as number);
  if (!entry || valueAt - keyAt !== entry.key.length) return undefined;
  for (let index = 0; index < entry.key.length; index++) {
    if (bytes[keyAt + index] !== entry.key[index]) return undefined;
  }
  return entry.slot;
}

/** Skips an object, and notes where the values of wanted members stand. */
export function skipObject(
  bytes: Uint8Array,
  start: number,
  maxDepth: number,
  wanted?: WantedMembers,
): number {
  if (maxDepth === 0) return FAIL;
  const firstKey = openKeys;
  let at = start;
  if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
  do {
    const keyAt = at + 1;
    const valueAt = skipKey(bytes, keyAt, firstKey);
    if (valueAt === FAIL) return FAIL;
    const slot = wanted && wantedSlot(bytes, keyAt, valueAt, wanted);
    const within = slot === undefined ? undefined : wanted?.within.get(slot);
    at =
      within && bytes[valueAt] === OPEN_OBJECT
        ? skipObject(bytes, valueAt, maxDepth - 1, within)
        : skipValue(bytes, valueAt, maxDepth - 1);
    if (at === FAIL) return FAIL;
    if (wanted && slot !== undefined) {
      wanted.spans[wanted.at + 2 * slot] = valueAt;
      wanted.spans[wanted.at + 2 * slot + 1] = at;
    }
  } while (bytes[at] === COMMA);
  openKeys = firstKey;
  return bytes[at] === CLOSE_OBJECT ? at + 1 : FAIL;
}

/** Skips any value, nested at most `maxDepth` levels. */
export function skipValue(bytes: Uint8Array, start: number, maxDepth: number): number {
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
