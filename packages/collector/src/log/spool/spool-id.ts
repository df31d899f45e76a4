import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing, listSegments, segmentPath } from './segment-files.ts';
import { decodeHeader, HEADER_BYTES } from './segment-format.ts';
import type { SpoolDisk } from './spool-disk.ts';

const ID = /^[0-9a-f]{16}$/;

/** The id of the spool in `folder`, or `undefined` before anything was written to it. */
export async function readSpoolId(folder: string): Promise<string | undefined> {
  const text = (await readFile(join(folder, 'id'), 'utf8').catch(ignoreMissing(''))).trim();
  return ID.test(text) ? text : idOfNewestSegment(folder);
}

/**
 * The id of the spool in `folder`, made if need be. A spool without segments gets a new one:
 * with the files the knowledge of which numbers were used is gone, and a position must never be used twice.
 */
export async function ensureSpoolId(folder: string, disk: SpoolDisk): Promise<string> {
  const kept = (await listSegments(folder)).length > 0 ? await readSpoolId(folder) : undefined;
  const id = kept ?? randomBytes(8).toString('hex');
  const file = await open(join(folder, 'id.new'), 'w');
  try {
    await file.writeFile(`${id}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(folder, 'id.new'), join(folder, 'id'));
  await disk.syncFolder(folder);
  return id;
}

async function idOfNewestSegment(folder: string): Promise<string | undefined> {
  for (const number of (await listSegments(folder)).reverse()) {
    const file = await open(segmentPath(folder, number), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      const header = decodeHeader(buffer.subarray(0, bytesRead));
      if (header) return header.spoolId;
    } finally {
      await file.close();
    }
  }
  return undefined;
}
