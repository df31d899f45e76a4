#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { help, root } from './lib/run.mjs';
import { measureSizes } from './lib/sizes.mjs';

help(`
node scripts/readme-sizes.mjs [--write]

Compares the sizes that READMEs state with those of the build (scripts/sizes.mjs). A size is written as
"5.0 kB<!-- NAME -->" with a name of .size-limit.json, less its package. --write puts the right ones in.
`);

const PACKAGE = 'browser-sdk';
const readme = join(root, 'packages', PACKAGE, 'README.md');
const write = process.argv.includes('--write');

const kilobytes = new Map(
  (await measureSizes()).map(({ name, size }) => [
    name.replace(`${PACKAGE}: `, ''),
    (size / 1000).toFixed(1),
  ]),
);

const wrong = [];
const stated = new Set();
const text = readFileSync(readme, 'utf8').replace(/([\d.]+) kB<!-- (.+?) -->/g, (whole, given, name) => {
  stated.add(name);
  const right = kilobytes.get(name);
  if (right === given) return whole;
  wrong.push(`"${name}": ${given} kB stated, ${right ?? 'none of that name'} built`);
  return right === undefined ? whole : `${right} kB<!-- ${name} -->`;
});
for (const name of kilobytes.keys()) if (!stated.has(name)) wrong.push(`"${name}" is not stated`);

if (write) writeFileSync(readme, text);
for (const line of wrong) console.log(`packages/${PACKAGE}/README.md: ${line}`);
if (!write && wrong.length > 0) console.log('node scripts/readme-sizes.mjs --write puts the sizes right');
process.exitCode = wrong.length > 0 && !write ? 1 : 0;
