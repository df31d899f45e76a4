#!/usr/bin/env node
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { help, root, run } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run check

Types (tsc), lint, format and import rules (Biome), unused code and dependencies (knip), package
correctness of what is published (publint, are-the-types-wrong), sizes of what browsers load (size-limit) and those that its README
states,
licences of what is installed. Builds first. Every failure is printed; exit code 1 if there was one.
`);

requireNode();
await ensureInstalled();
await ensureBuilt();

const PUBLISHED = ['browser-sdk', 'node-sdk', 'warehouse-schema', 'collector', 'studio', 'cli'];
const bin = (name) => join(root, 'node_modules/.bin', name);
const typed = [
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
  'packages/browser-sdk/test',
  'e2e',
  'examples/nextjs-demo',
];

const checks = [
  ...typed.map((folder) => [`types ${folder}`, [bin('tsc'), '-p', folder]]),
  ['lint and import rules', [bin('biome'), 'ci', '--reporter=summary', '.']],
  ['unused code', [bin('knip'), '--treat-config-hints-as-errors']],
  ...PUBLISHED.map((name) => [
    `publint ${name}`,
    [bin('publint'), '--strict', '--pack', 'npm', `packages/${name}`],
  ]),
  ['types of browser-sdk', [bin('attw'), '--pack', 'packages/browser-sdk', '--profile', 'esm-only']],
  ['types of node-sdk', [bin('attw'), '--pack', 'packages/node-sdk', '--profile', 'esm-only']],
  ['sizes', [process.execPath, 'scripts/sizes.mjs']],
  ['sizes that the README states', [process.execPath, 'scripts/readme-sizes.mjs']],
  ['licences', [process.execPath, 'scripts/licences.mjs']],
];

let failures = 0;
for (const [name, command] of checks) {
  const { code, output } = await run(command);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code !== 0 || name === 'sizes') console.log(output.replace(/^/gm, '       '));
  if (code !== 0) failures++;
}
console.log(failures === 0 ? '\nAll checks passed.' : `\n${failures} of ${checks.length} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
