/**
 * Where the fields of one scanned event stand in the bytes of its batch, and what can be said of
 * them without parsing. A missing field has the empty place 0, 0.
 */
export interface Places {
  bytes: Buffer;
  /** Start and end of the field of each slot, from `at` on. */
  spans: Int32Array;
  at: number;
}

const QUOTE = 0x22;
const NULL = 0x6e;
const BACKSLASH = 0x5c;

/** Where the JSON of a field begins. */
export function startOf({ spans, at }: Places, slot: number): number {
  return spans[at + 2 * slot] as number;
}

/** Where the JSON of a field ends; 0 if it is missing. */
export function endOf({ spans, at }: Places, slot: number): number {
  return spans[at + 2 * slot + 1] as number;
}

/** Whether a field is missing or `null`. */
export function isMissing(places: Places, slot: number): boolean {
  const end = endOf(places, slot);
  return end === 0 || places.bytes[startOf(places, slot)] === NULL;
}

/** Whether a field is missing, `null`, or begins with `firstByte`, which tells its type. */
export function isMissingOr(places: Places, slot: number, firstByte: number): boolean {
  return places.bytes[startOf(places, slot)] === firstByte || isMissing(places, slot);
}

/** The bytes of a string between its quotes; 0 for a field that is missing or no string. */
export function textBytes(places: Places, slot: number): number {
  if (places.bytes[startOf(places, slot)] !== QUOTE) return 0;
  return endOf(places, slot) - startOf(places, slot) - 2;
}

/** Whether a field that is missing, `null` or an object has no members. */
export function isEmptyObject(places: Places, slot: number): boolean {
  return isMissing(places, slot) || endOf(places, slot) - startOf(places, slot) === 2;
}

/** Whether a field is a string that stands for itself in the bytes, without escapes. */
export function isPlainText(places: Places, slot: number): boolean {
  const { bytes } = places;
  const start = startOf(places, slot);
  if (bytes[start] !== QUOTE) return false;
  const end = endOf(places, slot);
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return false;
  return true;
}

/** The text of a field that is plain text. */
export function plainTextAt(places: Places, slot: number): string {
  return places.bytes.toString('utf8', startOf(places, slot) + 1, endOf(places, slot) - 1);
}

/** Parses a field that is not missing. */
export function parseAt(places: Places, slot: number): unknown {
  return JSON.parse(places.bytes.toString('utf8', startOf(places, slot), endOf(places, slot)));
}
