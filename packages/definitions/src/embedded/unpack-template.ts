import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

// In `dist` beside the bundle or the folder that it stands in; and as seen from `src`.
const TEMPLATES = ['./pgdata.tar.gz', '../pgdata.tar.gz', '../../dist/pgdata.tar.gz'];

/**
 * Unpacks the empty database that the build made into a folder; false where the build made none. Without
 * PGlite's own loading, which needs a second engine and some 100 MB that it never gives back.
 */
export async function unpackTemplate(folder: string): Promise<boolean> {
  const packed = await readTemplate();
  if (!packed) return false;
  const { parseTarGzip } = await import('nanotar');
  for (const { name, type, data } of await parseTarGzip(packed)) {
    const path = join(folder, normalize(name));
    if (type === 'directory') {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } else {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, data ?? '', { mode: 0o600 });
    }
  }
  return true;
}

async function readTemplate(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const place of TEMPLATES) {
    try {
      return new Uint8Array(await readFile(new URL(place, import.meta.url)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}
