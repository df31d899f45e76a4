import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digits, ignoreMissing, quarantineFolder, segmentPath } from './segment-files.ts';

/** A stretch of a segment that holds no record, though it should. */
export interface Damage {
  offset: number;
  end: number;
}

/** What `quarantine/<segment>.json` says. */
interface QuarantineNote {
  logId: string;
  foundAt: string;
  damage: Damage[];
}

/**
 * Keeps segment `number` in `quarantine/` with a note of what is damaged where. Saying the same damage
 * again changes nothing. The segment stays where it is, so that its other records can be read.
 */
export async function quarantine(
  folder: string,
  logId: string,
  number: number,
  damage: Damage,
): Promise<void> {
  const base = join(quarantineFolder(folder), digits(number));
  const known = await readNote(`${base}.json`);
  if (known?.damage.some(({ offset, end }) => offset === damage.offset && end === damage.end)) return;
  await mkdir(quarantineFolder(folder), { recursive: true });
  await keep(segmentPath(folder, number), `${base}.seg`);
  const note: QuarantineNote = {
    logId,
    foundAt: known?.foundAt ?? new Date().toISOString(),
    damage: [...(known?.damage ?? []), damage],
  };
  await writeFile(`${base}.new`, `${JSON.stringify(note, null, 2)}\n`);
  await rename(`${base}.new`, `${base}.json`);
}

/** A second name for the same file costs no space and outlives the segment; where that is not to be had, a copy. */
async function keep(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

async function readNote(path: string): Promise<QuarantineNote | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing(''));
  try {
    return JSON.parse(text) as QuarantineNote;
  } catch {
    return undefined;
  }
}
