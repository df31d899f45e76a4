import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { nodeDisk, type SpoolDisk } from '../spool-disk.ts';

interface RecordedFile {
  content: Buffer;
  synced: Buffer;
  hasDurableName: boolean;
}

const BLOCK_BYTES = 512;

/** For tests: a disk that remembers what was synced, and can say what a power cut might leave. */
export function createPowerCutDisk() {
  const files = new Map<string, RecordedFile>();
  const names = new Map<number, string>();

  const fileOf = (fd: number): RecordedFile => {
    const file = files.get(names.get(fd) ?? '');
    if (!file) throw new Error(`unknown file descriptor ${fd}`);
    return file;
  };

  const disk: SpoolDisk = {
    ...nodeDisk,
    async create(path) {
      const fd = await nodeDisk.create(path);
      names.set(fd, basename(path));
      files.set(basename(path), { content: Buffer.alloc(0), synced: Buffer.alloc(0), hasDurableName: false });
      return fd;
    },
    async write(fd, buffers, position) {
      const file = fileOf(fd);
      file.content = Buffer.concat([file.content.subarray(0, position), ...buffers]);
      return nodeDisk.write(fd, buffers, position);
    },
    async sync(fd) {
      const file = fileOf(fd);
      const { content } = file;
      await nodeDisk.sync(fd);
      file.synced = content;
    },
    async syncFolder(path) {
      const present = [...files.values()];
      await nodeDisk.syncFolder(path);
      for (const file of present) file.hasDurableName = true;
    },
  };

  /** Of what was not synced, any blocks may be there and any not; a name that was not synced may be missing. */
  function survivor(file: RecordedFile, random: () => number): Buffer | undefined {
    if (!file.hasDurableName && random() < 0.5) return undefined;
    const length = file.synced.length + Math.floor(random() * (file.content.length - file.synced.length + 1));
    const image = Buffer.from(file.content.subarray(0, length));
    for (let block = 0; block < length; block += BLOCK_BYTES) {
      const from = Math.max(block, file.synced.length);
      const end = Math.min(block + BLOCK_BYTES, length);
      if (from < end && random() < 0.4) image.fill(0, from, end);
    }
    return image;
  }

  return {
    ...disk,
    /** Writes what a power cut at this moment might leave into `folder`. */
    async writeImage(folder: string, random: () => number): Promise<void> {
      const images = [...files].map(([name, file]) => [name, survivor(file, random)] as const);
      await mkdir(folder, { recursive: true });
      for (const [name, image] of images) if (image) await writeFile(join(folder, name), image);
    },
  };
}
