import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { LoaderState } from './loader-state.ts';

/** The name of the file within the loader's folder. */
export const STATE_FILE = 'state.json';

/** What the loader calls a state file that it could not read, once it goes on without; the last such is kept. */
export const DAMAGED_STATE_FILE = `${STATE_FILE}.damaged`;

/** Keeps the loader's state in one file. */
export interface StateFile {
  /**
   * The state last saved, or null if there is none. A file that does not hold what was written to it
   * counts as none: the loader then finds out from the warehouse what was loaded.
   */
  load(): Promise<LoaderState | null>;
  /** Resolves once the state is on disk, whole; until then the one before it is. */
  save(state: LoaderState): Promise<void>;
}

/**
 * Opens the state file of a folder, which is made if it is missing. With `onDamage`, a file that does not hold
 * what was written to it is set aside when it is loaded, under the name that `onDamage` is then told.
 */
export async function openStateFile(dir: string, onDamage?: (keptAs: string) => void): Promise<StateFile> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, STATE_FILE);
  const temporary = `${path}.tmp`;

  return {
    async load() {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      const state = decodeState(text ?? '');
      if (state || text === undefined || !onDamage) return state;
      const keptAs = join(dir, DAMAGED_STATE_FILE);
      await rename(path, keptAs);
      onDamage(keptAs);
      return null;
    },
    async save(state) {
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(encodeState(state));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await syncFolder(dir);
    },
  };
}

/** The state as text: JSON, and a checksum of it on a line of its own. */
export function encodeState(state: LoaderState): string {
  const json = JSON.stringify(state);
  return `${json}\n${crc32(json).toString(16)}\n`;
}

/** Reads what `encodeState` wrote; null for anything else. */
export function decodeState(text: string): LoaderState | null {
  const [json = '', checksum, rest] = text.split('\n');
  if (rest !== '' || crc32(json).toString(16) !== checksum) return null;
  const state = JSON.parse(json) as LoaderState;
  return state.version === 1 ? state : null;
}

// A rename is on disk only once the folder is.
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
