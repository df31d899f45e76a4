import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');

/** Builds the SDK where its build is missing or older than the source, for the tests that load the built file. */
export default function buildSdk(): void {
  const sources = [join(PACKAGE, 'src'), join(PACKAGE, '../core/src')].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(folder, name)).mtimeMs,
    ),
  );
  const built = statSync(join(PACKAGE, 'dist/index.global.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...sources)) return;
  execFileSync(process.execPath, [join(PACKAGE, '../../node_modules/tsup/dist/cli-default.js')], {
    cwd: PACKAGE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
