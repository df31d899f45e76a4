import { fileURLToPath } from 'node:url';

/**
 * The path of a file that the package ships beside its code, such as `queries/chunk-rows.sql`. Holds in `src/` and in
 * `dist/`, since both lie one level below the package; so this file must not move into a sub-folder.
 */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
