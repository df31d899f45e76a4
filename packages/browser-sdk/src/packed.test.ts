import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PNPM } from '../../../scripts/lib/run.mjs';
import buildSdk from '../test/build-sdk.ts';

const PACKAGE = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'millrace-packed-'));
const installed = join(root, 'node_modules/@millrace/browser-sdk');

const read = (path: string): string => readFileSync(join(installed, path), 'utf8');

// What npm does with the tarball, without a registry: unpack it, and put its one dependency beside it.
beforeAll(() => {
  buildSdk();
  const [npx = 'npx', ...pnpm] = PNPM;
  execFileSync(npx, [...pnpm, 'pack', '--pack-destination', root], { cwd: PACKAGE, stdio: 'pipe' });
  const [tarball = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(root, tarball), '-C', installed, '--strip-components=1']);
  symlinkSync(join(PACKAGE, 'node_modules/idb-keyval'), join(root, 'node_modules/idb-keyval'));
}, 60_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds the build, the licence and the readme, and nothing else', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'dist/index.d.ts',
      'dist/index.global.js',
      'dist/index.js',
      'package.json',
    ]);
  });

  it('names no package that is not published', () => {
    const { dependencies, exports } = JSON.parse(read('package.json')) as Record<string, object>;
    expect(dependencies).toEqual({ 'idb-keyval': expect.stringMatching(/^\d/) });
    expect(JSON.stringify(exports)).not.toContain('@millrace/source');
    for (const file of ['dist/index.js', 'dist/index.d.ts', 'dist/index.global.js']) {
      expect(read(file)).not.toContain('@millrace/core');
    }
  });

  it('is imported by plain Node, where it does nothing', () => {
    const program = `import { createAnalytics, AnalyticsOptionsError } from '@millrace/browser-sdk';
      createAnalytics({ writeKey: 'wk', host: 'http://127.0.0.1:1' }).track('a');
      try { createAnalytics({ writeKey: 'wk', host: 'nowhere' }) }
      catch (error) { console.log(error instanceof AnalyticsOptionsError && error.option) }`;
    writeFileSync(join(root, 'import.mjs'), program);
    expect(execFileSync(process.execPath, ['import.mjs'], { cwd: root, encoding: 'utf8' })).toBe('host\n');
  });

  it('has types that stand by themselves', () => {
    const program = `import { type Analytics, createAnalytics } from '@millrace/browser-sdk';
      interface Cart { items: number }
      const cart: Cart = { items: 1 };
      const analytics: Analytics = createAnalytics({ writeKey: 'wk', host: 'https://example.com' });
      analytics.track('Cart Viewed', cart);
      analytics.on('dropped', ({ reason, count }) => { const text: string = reason + count.toFixed(); return text; });
      // @ts-expect-error: an event needs a name
      analytics.track();
      const sent: Promise<boolean> = analytics.flush();
      export { sent };`;
    writeFileSync(join(root, 'consumer.ts'), program);
    const flags = [
      '--noEmit',
      '--strict',
      '--skipDefaultLibCheck',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
    ];
    const tsc = join(PACKAGE, '../../node_modules/typescript/bin/tsc');
    const args = [tsc, ...flags, '--target', 'es2022', 'consumer.ts'];
    expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe('');
  }, 60_000);
});
