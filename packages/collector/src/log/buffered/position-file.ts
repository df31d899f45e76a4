import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { LogPosition } from '../event-log.ts';

/** Keeps one position of a log in a file. */
export interface PositionFile {
  /** The position last saved; undefined if there is none, or the file does not hold what was written to it. */
  load(): Promise<LogPosition | undefined>;
  /** Resolves once the position is on disk, whole; until then the one before it is. */
  save(position: LogPosition): Promise<void>;
}

/** Opens the file `name` of a folder, which is made if it is missing. */
export async function openPositionFile(folder: string, name: string): Promise<PositionFile> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const temporary = `${path}.tmp`;

  return {
    async load() {
      const [json = '', checksum] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
      return crc32(json).toString(16) === checksum ? (JSON.parse(json) as LogPosition) : undefined;
    },
    async save(position) {
      const json = JSON.stringify(position);
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(`${json}\n${crc32(json).toString(16)}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      // A rename is on disk only once the folder is.
      const entry = await open(folder, 'r');
      await entry.sync().finally(() => entry.close());
    },
  };
}
