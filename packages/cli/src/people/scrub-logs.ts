import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Shorter ids stand in too much that is not about the person. */
const LEAST_LENGTH = 4;
const WORD = /[\p{L}\p{N}_]/u;

/**
 * Overwrites ids with asterisks where they stand by themselves in the log files of a folder, which a process may be writing to: a server's
 * words about a row that it refused may hold one. Gives how many.
 */
export async function scrubLogs(folder: string, ids: readonly string[]): Promise<number> {
  let scrubbed = 0;
  // Not what is below it: ClickHouse removes folders of its own while somebody looks.
  for (const name of await unlessMissing(readdir(folder), [])) {
    if (!/\.log(\.\d+)?$/.test(name)) continue;
    const path = join(folder, name);
    const text = await unlessMissing(readFile(path), Buffer.alloc(0));
    const places = ids.flatMap((id) => placesOf(text, id));
    if (places.length === 0) continue;
    const file = await open(path, 'r+');
    try {
      for (const { at, length } of places) await file.write(Buffer.alloc(length, '*'), 0, length, at);
      await file.sync();
    } finally {
      await file.close();
    }
    scrubbed += places.length;
  }
  return scrubbed;
}

async function unlessMissing<T>(reading: Promise<T>, instead: T): Promise<T> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  });
}

function placesOf(text: Buffer, id: string): { at: number; length: number }[] {
  const bytes = Buffer.from(id);
  const places: { at: number; length: number }[] = [];
  if (id.length < LEAST_LENGTH) return places;
  for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at + 1)) {
    const before = text.toString('utf8', Math.max(0, at - 4), at).at(-1) ?? '';
    const after = text.toString('utf8', at + bytes.length, at + bytes.length + 4).at(0) ?? '';
    if (!WORD.test(before) && !WORD.test(after)) places.push({ at, length: bytes.length });
  }
  return places;
}
