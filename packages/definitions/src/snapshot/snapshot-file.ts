import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Snapshot } from './snapshot.ts';

/** Writes the snapshot such that after a power cut the file holds this one or the one before, whole. */
export async function writeSnapshotFile(file: string, snapshot: Snapshot): Promise<void> {
  const draft = `${file}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(snapshot)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The snapshot in the file, or undefined where there is none. Throws where the file is not a snapshot. */
export async function readSnapshotFile(file: string): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const snapshot = JSON.parse(text) as Partial<Snapshot> | null;
  if (snapshot?.format !== 1 || typeof snapshot.version !== 'number' || typeof snapshot.tables !== 'object') {
    throw new Error(`${file} is not a snapshot of definitions that this version can read`);
  }
  return snapshot as Snapshot;
}
