import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file as a whole: whoever reads it, also after a power cut, finds the old text or the new. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  await rename(await writeDraft(file, text, mode), file);
  await syncFolder(dirname(file));
}

/** Makes a file as a whole unless it exists; says whether it did. */
export async function createFile(file: string, text: string, mode = 0o600): Promise<boolean> {
  const draft = await writeDraft(file, text, mode);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
  await syncFolder(dirname(file));
  return true;
}

async function writeDraft(file: string, text: string, mode: number): Promise<string> {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
