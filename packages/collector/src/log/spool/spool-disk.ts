import fs from 'node:fs';
import { open, statfs, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What the writer asks of the disk; tests put one in between that fails or counts. */
export interface SpoolDisk {
  /** Creates a file for writing; fails with EEXIST where there is one. */
  create(path: string): Promise<number>;
  /** Writes at `position` and resolves to the bytes written, which may be fewer than given. */
  write(fd: number, buffers: readonly Buffer[], position: number): Promise<number>;
  /** Resolves once the file's data, and what is needed to read it, is on stable storage. */
  sync(fd: number): Promise<void>;
  close(fd: number): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes created and removed names in the folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Bytes that an unprivileged process may still write to the disk of `path`. */
  freeBytes(path: string): Promise<number>;
}

const openFile = promisify(fs.open);
const fdatasync = promisify(fs.fdatasync);
const close = promisify(fs.close);

/** The real disk. */
export const nodeDisk: SpoolDisk = {
  create: (path) => openFile(path, 'wx', 0o640),
  write: (fd, buffers, position) =>
    new Promise((resolve, reject) => {
      fs.writev(fd, buffers, position, (error, written) => (error ? reject(error) : resolve(written)));
    }),
  sync: (fd) => fdatasync(fd),
  close: (fd) => close(fd),
  remove: (path) => unlink(path),
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  freeBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};
