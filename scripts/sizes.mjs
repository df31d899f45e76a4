#!/usr/bin/env node
import { help } from './lib/run.mjs';
import { measureSizes } from './lib/sizes.mjs';

help(`
node scripts/sizes.mjs

What a browser loads, in bytes after brotli, against the limits of .size-limit.json: of the file that Vite makes of an
application that imports just that. Beside it what esbuild makes, whose minifier leaves more.
`);

let failed = false;
for (const { name, limit, size, byEsbuild } of await measureSizes()) {
  const isOver = size > limit;
  failed ||= isOver;
  console.log(`${name}: ${size} of ${limit} B${isOver ? ', TOO LARGE' : ''} (esbuild: ${byEsbuild})`);
}
process.exitCode = failed ? 1 : 0;
