#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { help, root } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm start [-- --port N] [--data DIR]

Installs and builds what has changed, then starts Millrace with everything embedded: the collector, the
loader, ClickHouse, PGlite, and a live page with a demo shop, all on http://localhost:3500.
Ctrl-C stops it; nothing is lost, and the next start takes up where it stopped.

Settings come from the environment (HOST, PORT, MILLRACE_DATA, ...): npx millrace config lists them.
`);

requireNode();
await ensureInstalled({ examples: false });
await ensureBuilt();

const main = join(root, 'packages/cli/dist/main.js');
const child = spawn(process.execPath, [main, 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal sends Ctrl-C to the whole group: the child stops in order, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
}
child.once('exit', (code) => process.exit(code ?? 1));
