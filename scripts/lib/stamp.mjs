import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

const SKIPPED = /^(node_modules|dist|\.cache)$|\.test\.tsx?$/;

/** All files below `path` (a file or a folder, relative to the repository), sorted. */
function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  try {
    return readdirSync(full, { withFileTypes: true })
      .filter((entry) => !SKIPPED.test(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => filesBelow(`${path}/${entry.name}`));
  } catch {
    return [path];
  }
}

/** A hash of the names and contents of everything below `paths`. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the step that wrote `stamp` ran over the same inputs. */
export function isFresh(stamp, hash) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

/** Remembers that a step ran over these inputs. */
export function writeStamp(stamp, hash) {
  const file = join(root, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}
