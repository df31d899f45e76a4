// Brings the shop's flags and experiments into a running Millrace, and writes .env.local: `npm run setup`.
// MILLRACE_DATA says which Millrace (the one of this repository), MILLRACE_HOST where it answers (port 3500).
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const millrace = join(here, '../../packages/cli/bin/millrace.mjs');
const { MILLRACE_DATA: data = join(here, '../../.millrace'), MILLRACE_HOST: host = 'http://localhost:3500' } =
  process.env;

function run(...argv) {
  const ended = spawnSync(process.execPath, [millrace, ...argv, '--data', data], { encoding: 'utf8' });
  if (ended.status === 0) return ended.stdout;
  process.stderr.write(ended.stderr);
  return process.exit(1);
}

run('definitions', 'put', join(here, 'millrace.json'), '--note', 'the shop of examples/nextjs-demo');
const [serverKey] = /\bsk_\w+/.exec(run('key', 'create', '--server', '--name', 'examples/nextjs-demo')) ?? [];
const settings = { MILLRACE_HOST: host, MILLRACE_WRITE_KEY: 'wk_demo', MILLRACE_SERVER_KEY: serverKey };
const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
writeFileSync(join(here, '.env.local'), lines.join(''), { mode: 0o600 });
process.stdout.write('Wrote .env.local. Next: npm run dev, and open http://localhost:3520\n');
