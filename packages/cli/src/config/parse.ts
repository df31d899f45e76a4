import { resolve } from 'node:path';

/** What a setting says, or what was expected of it. */
type Parsed<T> = { ok: true; value: T } | { ok: false; expected: string };

/** Reads the text of a setting. */
export type Parse<T> = (text: string) => Parsed<T>;

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? ok(value) : expected(`a whole number from ${min} to ${max}`);
  };
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/** A size in bytes, plain or in KB, MB, GB or TB (of 1024), from `min` to `max`. */
export function bytes(min: number, max: number = Number.MAX_SAFE_INTEGER): Parse<number> {
  return (text) => {
    const match = /^(\d+)\s*(|[KMGT]B)$/i.exec(text);
    const unit = UNITS[match?.[2]?.toUpperCase() ?? ''] ?? 1;
    const value = match ? Number(match[1]) * unit : Number.NaN;
    const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`;
    return value >= min && value <= max ? ok(value) : expected(`bytes, ${range}, such as 500KB or 10GB`);
  };
}

/** An address to listen on: a host name or an IP address, without a port. */
export const host: Parse<string> = (text) =>
  /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(text) || /^\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]?$/.test(text)
    ? ok(text.replace(/^\[|\]$/g, ''))
    : expected('an address to listen on without a port, such as 127.0.0.1 or 0.0.0.0');

/** A folder; becomes an absolute path. */
export const folder: Parse<string> = (text) =>
  text.includes('\0') ? expected('the path of a folder') : ok(resolve(text));

/** A secret of at least `min` characters without white space. */
export function secret(min: number): Parse<string> {
  return (text) =>
    text.length >= min && !/\s/.test(text)
      ? ok(text)
      : expected(`at least ${min} characters without white space`);
}

/** A URL of one of the protocols (`http:`), with a host. */
export function url(protocols: readonly string[], example: string): Parse<string> {
  return (text) => {
    const parsed = URL.canParse(text) ? new URL(text) : undefined;
    return parsed && protocols.includes(parsed.protocol) && parsed.hostname !== ''
      ? ok(text)
      : expected(`a URL such as ${example}`);
  };
}

/** One of some words. */
export function oneOf<const Word extends string>(...words: Word[]): Parse<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    return word === undefined ? expected(`one of ${words.join(', ')}`) : ok(word);
  };
}

/** Any text. */
export const text: Parse<string> = (value) => ok(value);

/** A file; becomes an absolute path. */
export const file: Parse<string> = (path) =>
  path.includes('\0') ? expected('the path of a file') : ok(resolve(path));

/** Addresses with ports, separated by commas. */
export function addresses(example: string): Parse<string[]> {
  return (text) => {
    const list = text.split(',').map((address) => address.trim());
    const valid = list.every((address) => {
      const [, port = ''] = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9_.-]+):(\d{1,5})$/.exec(address) ?? [];
      return Number(port) >= 1 && Number(port) <= 65_535;
    });
    return valid ? ok(list) : expected(`addresses with ports, such as ${example}`);
  };
}

/** Time zones, separated by commas, each under the name that `Intl` has for it. */
export function timezones(max: number): Parse<string[]> {
  return (text) => {
    const names = text.split(',').map((name) => zoneName(name.trim()));
    const known = names.filter((name) => name !== undefined);
    return known.length === names.length && known.length <= max
      ? ok([...new Set(known)])
      : expected(`at most ${max} IANA time zones, such as UTC,Europe/Berlin`);
  };
}

function zoneName(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function ok<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function expected(what: string): { ok: false; expected: string } {
  return { ok: false, expected: what };
}
