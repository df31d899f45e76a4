#!/usr/bin/env node
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { help, root } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run bench [-- NAME ...]

Runs the benchmarks in bench/*.mjs (all, or those named), each beside a peer or a limit in the same run,
prints a table of medians, and writes bench/results/NAME.json.
`);

requireNode();
await ensureInstalled();
await ensureBuilt();

const all = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}

const results = join(root, 'bench/results');
mkdirSync(results, { recursive: true });
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n${name}`);
  const { run } = await import(pathToFileURL(join(root, 'bench', `${name}.mjs`)).href);
  const result = await run();
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.table(result.rows);
}
