import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder that hold any of these texts; what is removed meanwhile holds nothing. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  return (await search(folder, texts)).map((path) => path.slice(folder.length + 1));
}

async function search(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await unlessGone(readdir(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await search(path, texts)));
    else if (entry.isFile()) {
      const bytes = await unlessGone(readFile(path), Buffer.alloc(0));
      if (texts.some((text) => bytes.includes(text))) found.push(path);
    }
  }
  return found;
}

async function unlessGone<T>(reading: Promise<T>, instead: T): Promise<T> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  });
}
