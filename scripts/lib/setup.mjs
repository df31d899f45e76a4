import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PNPM, root, run } from './run.mjs';
import { hashOf, isFresh, writeStamp } from './stamp.mjs';

const MANIFESTS = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];

const DEMO = 'examples/nextjs-demo';

/** The packages that are built, in order, and whose sources each of them takes in. */
const BUILDS = {
  'warehouse-schema': [],
  'browser-sdk': ['core'],
  'node-sdk': ['core'],
  collector: ['core', 'definitions', 'warehouse-schema'],
  studio: ['core', 'definitions', 'warehouse-schema'],
  cli: ['core', 'definitions', 'warehouse-schema', 'browser-sdk', 'collector', 'studio'],
};

const since = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Ends with one clear sentence where Node is too old for anything that follows. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Millrace needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org.`,
  );
  process.exit(1);
}

/**
 * Installs the workspace unless nothing has changed since the last time; without `examples` it leaves out what only
 * they need.
 */
export async function ensureInstalled({ examples = true } = {}) {
  const names = new Set([...Object.keys(BUILDS), ...Object.values(BUILDS).flat()]);
  const packages = [...names].map((name) => `packages/${name}`);
  const manifests = [...packages, 'e2e', 'bench', DEMO].map((folder) => `${folder}/package.json`);
  const hash = hashOf([...MANIFESTS, ...manifests]);
  const stamp = 'node_modules/.millrace-installed';
  const enough = examples ? [`${hash} examples`] : [`${hash} examples`, hash];
  const isThere = existsSync(join(root, 'node_modules/.pnpm'));
  if (isThere && enough.some((content) => isFresh(stamp, content))) return;
  const start = performance.now();
  console.log('Installing packages (ClickHouse is 570 MB on disk; the first time takes a minute or two) …');
  const leftOut = examples ? [] : ['--filter', `!./${DEMO}`];
  const { code } = await run(
    [...PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', ...leftOut],
    { show: true },
  );
  if (code !== 0) {
    console.error(
      '\nThe installation failed; see above. Is the npm registry reachable, and is there 1.5 GB of free disk?',
    );
    process.exit(1);
  }
  writeStamp(stamp, enough[examples ? 0 : 1]);
  console.log(`Installed in ${since(start)}.`);
}

/** Builds the packages whose sources, or whose dependencies' sources, have changed. */
export async function ensureBuilt() {
  const folders = (names) => names.map((name) => `packages/${name}`);
  for (const [name, uses] of Object.entries(BUILDS)) {
    const hash = hashOf(['tsconfig.base.json', 'pnpm-lock.yaml', ...folders([name, ...uses])]);
    const stamp = `.cache/built/${name}`;
    if (existsSync(join(root, 'packages', name, 'dist')) && isFresh(stamp, hash)) continue;
    await build(name);
    writeStamp(stamp, hash);
  }
}

async function build(name) {
  const start = performance.now();
  process.stdout.write(`Building ${name} … `);
  const { code, output } = await run(['npm', 'run', '--silent', 'build'], {
    cwd: join(root, 'packages', name),
  });
  if (code !== 0) {
    console.log('failed');
    console.error(output);
    process.exit(1);
  }
  console.log(since(start));
}
