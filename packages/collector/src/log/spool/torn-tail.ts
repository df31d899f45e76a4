import { open } from 'node:fs/promises';
import { readAt } from './read-at.ts';
import { segmentPath } from './segment-files.ts';
import { decodeHeader, frameSeed, HEADER_BYTES } from './segment-format.ts';
import { scanFrames } from './segment-scan.ts';

/**
 * Cuts from segment `number` what an interrupted write left at its end, and makes the rest durable.
 * Only the beginning of a frame, or zeros, after the last record are ever cut; anything else stays for the
 * reader to set aside. Resolves to the bytes cut.
 */
export async function cutTornTail(folder: string, spoolId: string, number: number): Promise<number> {
  const file = await open(segmentPath(folder, number), 'r+');
  try {
    const { size } = await file.stat();
    const read = (offset: number, length: number) => readAt(file, offset, length);
    if (decodeHeader(await read(0, HEADER_BYTES)) === undefined) return 0;
    for await (const item of scanFrames(read, frameSeed(spoolId, number), HEADER_BYTES, size)) {
      if (item.kind === 'tail' && item.torn && item.end > item.offset) {
        await file.truncate(item.offset);
        await file.sync();
        return item.end - item.offset;
      }
    }
    await file.sync();
    return 0;
  } finally {
    await file.close();
  }
}
