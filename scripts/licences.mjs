#!/usr/bin/env node
import { PNPM, run } from './lib/run.mjs';

/** What a product that its users own may carry; anything else is looked at by a person first. */
const ALLOWED =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|Unlicense|PostgreSQL|MPL-2\.0)\b/;

const { code, output } = await run([...PNPM, 'licenses', 'list', '--json', '--prod']);
if (code !== 0) {
  console.error(output);
  process.exit(1);
}
const byLicence = JSON.parse(output.slice(output.indexOf('{')));
const refused = Object.entries(byLicence).filter(([licence]) => !ALLOWED.test(licence));
for (const [licence, packages] of refused) {
  console.error(`${licence}: ${packages.map((each) => each.name).join(', ')}`);
}
console.log(`${Object.keys(byLicence).join(', ')}`);
process.exitCode = refused.length === 0 ? 0 : 1;
