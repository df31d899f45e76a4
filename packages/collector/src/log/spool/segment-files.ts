import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogPosition } from '../event-log.ts';

const SEGMENT_FILE = /^(\d{12})\.seg$/;
const LOG_ID = /^(.+)-(\d{12})$/;
const DIGITS = 12;

/** The path of segment `number` in `folder`. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${digits(number)}.seg`);
}

/** The folder in which damaged segments are kept. */
export function quarantineFolder(folder: string): string {
  return join(folder, 'quarantine');
}

/** Twelve digits, so that names sort like numbers. */
export function digits(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

/** The log id of segment `number`. */
export function segmentLogId(spoolId: string, number: number): string {
  return `${spoolId}-${digits(number)}`;
}

/** Which spool and segment a position points into, or `undefined` where it is not a spool's. */
export function parseLogId(position: LogPosition): { spoolId: string; number: number } | undefined {
  const match = LOG_ID.exec(position.logId);
  return match?.[1] && match[2] ? { spoolId: match[1], number: Number(match[2]) } : undefined;
}

/** The numbers of the segments in `folder`, ascending; none where the folder does not exist. */
export async function listSegments(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(ignoreMissing<string[]>([]));
  return names
    .flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** For `.catch`: a file or folder that does not exist counts as `fallback`. */
export function ignoreMissing<T>(fallback: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return fallback;
    throw error;
  };
}
