import { parseTime } from '../parse-time.ts';

const LENGTH = '"2026-11-20T12:00:00.000Z"'.length;
const ZERO = 0x30;

/** The number of the decimal digits in `bytes`, or NaN if one of them is none. */
function digits(bytes: Uint8Array, start: number, count: number): number {
  let number = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = 10 * number + digit;
  }
  return number;
}

/** Whether the bytes from `start` have the punctuation of the form that JavaScript writes. */
function isUsualForm(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start + 5] === 0x2d &&
    bytes[start + 8] === 0x2d &&
    bytes[start + 11] === 0x54 &&
    bytes[start + 14] === 0x3a &&
    bytes[start + 17] === 0x3a &&
    bytes[start + 20] === 0x2e &&
    bytes[start + 24] === 0x5a
  );
}

/** Reads the JSON string between `start` and `end` as `parseTime` does, in Unix milliseconds or NaN. */
export function scanTime(bytes: Buffer, start: number, end: number): number {
  if (end - start === LENGTH && isUsualForm(bytes, start)) {
    const year = digits(bytes, start + 1, 4);
    const month = digits(bytes, start + 6, 2);
    const day = digits(bytes, start + 9, 2);
    const hour = digits(bytes, start + 12, 2);
    const minute = digits(bytes, start + 15, 2);
    const second = digits(bytes, start + 18, 2);
    const millisecond = digits(bytes, start + 21, 3);
    const isUsual =
      year >= 1000 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= 28 &&
      hour < 24 &&
      minute < 60 &&
      second < 60;
    if (isUsual) return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  }
  return parseTime(JSON.parse(bytes.toString('utf8', start, end)) as string);
}
