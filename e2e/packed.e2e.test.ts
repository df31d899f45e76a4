import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { PNPM } from '../scripts/lib/run.mjs';

const run = promisify(execFile);
const unpacked: string[] = [];

/**
 * Packs a package as it would be published and unpacks it where its dependencies can be found, though nothing of
 * its sources. Resolves with the folder.
 */
async function pack(name: string): Promise<string> {
  const source = fileURLToPath(new URL(`../packages/${name}`, import.meta.url));
  const folder = join(source, 'node_modules', '.packed');
  unpacked.push(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [npx, ...pnpm] = PNPM;
  await run(npx, [...pnpm, 'pack', '--pack-destination', folder], { cwd: source });
  const [tarball = ''] = await readdir(folder);
  await run('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  return join(folder, 'package');
}

async function evaluate(folder: string, expression: string): Promise<unknown> {
  const entry = pathToFileURL(join(folder, 'dist/index.js')).href;
  const program = `const it = await import(${JSON.stringify(entry)}); console.log(JSON.stringify(${expression}));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout);
}

afterAll(() => Promise.all(unpacked.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('packed as it is published', () => {
  it.each(['warehouse-schema', 'collector', 'studio', 'cli'])(
    '%s names no private package, no source and no workspace',
    async (name) => {
      const folder = await pack(name);
      const text = await readFile(join(folder, 'package.json'), 'utf8');
      const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
      expect(Object.keys(dependencies)).not.toContain('@millrace/core');
      expect(Object.keys(dependencies)).not.toContain('@millrace/definitions');
      for (const version of Object.values(dependencies)) expect(version).toMatch(/^[\^~]?\d/);
      expect(await readdir(folder)).not.toContain('src');
      const built = await readdir(join(folder, 'dist'), { recursive: true });
      for (const file of built.filter((each) => /\.(js|d\.ts)$/.test(each))) {
        const code = await readFile(join(folder, 'dist', file), 'utf8');
        expect(code, file).not.toMatch(/from ['"]@millrace\/(core|definitions)/);
      }
    },
  );

  it('warehouse-schema finds its migrations and queries', async () => {
    const folder = await pack('warehouse-schema');
    expect(await readdir(join(folder, 'migrations'))).toContain('0001_events.sql');
    expect(await evaluate(folder, 'it.ROLLUPS.length > 0 && typeof it.migrate')).toBe('function');
  });

  it('collector makes an app that answers', async () => {
    const folder = await pack('collector');
    const app = `(await it.createApp({ log: { status: () => ({ writable: true }) }, clock: Date.now, newId: String,
      projects: { lookup: () => undefined }, limits: it.DEFAULT_LIMITS, trustedHops: 0, logger: console })
      .request('/livez')).status`;
    expect(await evaluate(folder, app)).toBe(200);
  });

  it('studio carries its pages', async () => {
    const folder = await pack('studio');
    expect(await readdir(join(folder, 'dist/web'))).toEqual(
      expect.arrayContaining(['index.html', 'shop.html']),
    );
    expect(await evaluate(folder, 'typeof it.createStudio')).toBe('function');
  });

  it('cli runs, and carries the SDK that it hands out', async () => {
    const folder = await pack('cli');
    const data = await mkdtemp(join(tmpdir(), 'millrace-packed-'));
    const { stdout } = await run(process.execPath, [
      join(folder, 'bin/millrace.mjs'),
      'config',
      '--data',
      data,
    ]);
    expect(stdout).toContain(`MILLRACE_DATA=${data}`);
    expect(await readdir(join(folder, 'dist/public'))).toContain('millrace.js');
    await rm(data, { recursive: true });
  });
});
