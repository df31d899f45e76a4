import { type FileHandle, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOwner } from '@millrace/definitions/lock';
import { type SuppressionList, suppressRejected, suppressRow } from '@millrace/warehouse-schema';
import { decodeRecord, encodeRecord, type LogRecord } from '../record.ts';
import { linesOf, payloadOf } from '../suppressed-log.ts';
import { readAt } from './read-at.ts';
import { digits, ignoreMissing, listSegments, quarantineFolder, segmentPath } from './segment-files.ts';
import {
  byteLength,
  decodeHeader,
  encodeFrames,
  FRAME_HEADER_BYTES,
  frameSeed,
  HEADER_BYTES,
} from './segment-format.ts';
import { scanFrames } from './segment-scan.ts';
import { nodeDisk } from './spool-disk.ts';
import { readSpoolId } from './spool-id.ts';

/** What was found of suppressed people in a spool. */
export interface RedactedSpool {
  /** Events that were blanked. */
  events: number;
  /** Segments that a process still appends to: not looked at. */
  open: number;
  /** Bytes that are damaged, so that nobody can tell whose they are. */
  unreadableBytes: number;
}

const MADE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SUFFIX = '.redacted';

/**
 * Blanks the events of suppressed people in every finished segment, also in those that were set aside. Each keeps its
 * length and its place, so no position changes; a blanked row is an empty object, which a loader skips. A segment is
 * written anew, synced, and takes the old one's name; cut off, it has one or the other. No loader may read meanwhile, for the row numbers of its
 * plan; what drains a buffer may.
 */
export async function redactSpool(folder: string, list: SuppressionList): Promise<RedactedSpool> {
  const result: RedactedSpool = { events: 0, open: 0, unreadableBytes: 0 };
  const numbers = await listSegments(folder);
  const spoolId = (await readSpoolId(folder).catch(ignoreMissing(undefined))) ?? '';
  const hasWriter = (await folderOwner(join(folder, 'lock'))) !== undefined;
  const finished = hasWriter ? numbers.slice(0, -1) : numbers;
  result.open = numbers.length - finished.length;
  for (const number of finished)
    await redactSegment(segmentPath(folder, number), spoolId, number, list, result);
  const aside = quarantineFolder(folder);
  for (const name of await readdir(aside).catch(ignoreMissing<string[]>([]))) {
    const number = Number(name.slice(0, -'.seg'.length));
    if (name === `${digits(number)}.seg`)
      await redactSegment(join(aside, name), spoolId, number, list, result);
  }
  return result;
}

async function redactSegment(
  path: string,
  spoolId: string,
  number: number,
  list: SuppressionList,
  result: RedactedSpool,
): Promise<void> {
  const found = await stat(path).catch(ignoreMissing(undefined));
  if (!found) return;
  const file = await open(path, 'r');
  let copy: FileHandle | undefined;
  try {
    const header = decodeHeader(await readAt(file, 0, HEADER_BYTES));
    const seed = frameSeed(header?.spoolId ?? spoolId, number);
    const read = (offset: number, length: number) => readAt(file, offset, length);
    for await (const item of scanFrames(read, seed, HEADER_BYTES, found.size)) {
      if (item.kind !== 'frame') {
        result.unreadableBytes += item.end - item.offset;
        continue;
      }
      const redacted = redact(item.payload, list);
      if (!redacted) continue;
      copy ??= await copyOf(file, path, found.size);
      const frame = Buffer.concat(encodeFrames([redacted.parts], seed));
      if (frame.length !== item.payload.length + FRAME_HEADER_BYTES)
        throw new Error(`${path}: a record changed its length`);
      await copy.write(frame, 0, frame.length, item.offset);
      result.events += redacted.events;
    }
    if (copy) {
      await copy.sync();
      // Its age is that of its events, which is what it is kept by.
      await utimes(`${path}${SUFFIX}`, found.atime, found.mtime);
      // Who drains a buffer may have deleted it meanwhile; then it must not come back.
      if (!(await stat(path).catch(ignoreMissing(undefined)))) return;
      await rename(`${path}${SUFFIX}`, path);
      await nodeDisk.syncFolder(join(path, '..'));
    }
  } finally {
    await file.close();
    await copy?.close();
    await rm(`${path}${SUFFIX}`, { force: true });
  }
}

async function copyOf(file: FileHandle, path: string, size: number): Promise<FileHandle> {
  const copy = await open(`${path}${SUFFIX}`, 'w', 0o640);
  for (let at = 0; at < size; ) {
    const piece = await readAt(file, at, Math.min(1 << 20, size - at));
    await copy.write(piece, 0, piece.length, at);
    at += piece.length;
  }
  return copy;
}

/** The payload without what is of people on the list, as long as it was; undefined if there is nothing of them. */
function redact(payload: Buffer, list: SuppressionList): { parts: Buffer[]; events: number } | undefined {
  let record: LogRecord;
  try {
    record = decodeRecord(payload);
  } catch {
    return undefined;
  }
  const { meta } = record;
  let events = 0;
  const marks = [...meta.marks];
  const blank = (line: Buffer, left: string | Buffer): Buffer => {
    events += 1;
    const padded = Buffer.alloc(line.length, ' ');
    Buffer.from(left).copy(padded);
    padded[line.length - 1] = NEWLINE;
    return padded;
  };
  const rows = linesOf(record.rows).map((line, index) => {
    if (line[1] === CLOSING_BRACE) return line;
    const verdict = suppressRow(line, list, meta);
    if (verdict === 'keep') return line;
    if (verdict !== 'drop') return blank(line, verdict.subarray(0, -1));
    const [messageId = '', madeAt = null, hash = 0] = marks[index] ?? [];
    // An id that a machine made says nothing of a person, and lets a retry be known.
    if (!MADE_ID.test(messageId)) marks[index] = ['', madeAt, hash];
    return blank(line, '{}');
  });
  const rejected = linesOf(record.rejected).map((line) =>
    line[1] !== CLOSING_BRACE && suppressRejected(payloadOf(line), list, meta) ? blank(line, '{}') : line,
  );
  if (events === 0) return undefined;
  const next = { meta: { ...meta, marks }, rows: Buffer.concat(rows), rejected: Buffer.concat(rejected) };
  const shorter = payload.length - byteLength(encodeRecord(next));
  return { parts: encodeRecord(next, shorter), events };
}

const NEWLINE = 0x0a;
const CLOSING_BRACE = 0x7d;
