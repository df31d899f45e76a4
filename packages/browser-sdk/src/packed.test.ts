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

const SUB_PATHS = [
  'anti-flicker',
  'autocapture',
  'click-ids',
  'device',
  'migrate',
  'openfeature',
  'overrides',
  'push',
  'react',
  'rules',
  'segment',
  'server-cookie',
  'snippet',
  'variants',
  'web-vitals',
];

// What npm does with the tarball, without a registry: unpack it, and put its dependencies beside it.
beforeAll(() => {
  buildSdk();
  const [npx = 'npx', ...pnpm] = PNPM;
  execFileSync(npx, [...pnpm, 'pack', '--pack-destination', root], { cwd: PACKAGE, stdio: 'pipe' });
  const [tarball = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(root, tarball), '-C', installed, '--strip-components=1']);
  for (const name of ['idb-keyval', 'web-vitals', 'react', '@types', '@openfeature']) {
    symlinkSync(join(PACKAGE, 'node_modules', name), join(root, 'node_modules', name));
  }
}, 180_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds the build, the licence and the readme, and nothing else', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual(
      [
        'LICENSE',
        'README.md',
        'dist',
        'dist/index.d.ts',
        'dist/index.global.js',
        'dist/index.js',
        'package.json',
        ...SUB_PATHS.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]),
      ].sort(),
    );
  });

  it('names no package that is not published', () => {
    const { dependencies, exports } = JSON.parse(read('package.json')) as Record<string, object>;
    const exact = expect.stringMatching(/^\d/);
    expect(dependencies).toEqual({ 'idb-keyval': exact, 'web-vitals': exact });
    expect(JSON.stringify(exports)).not.toContain('@millrace/source');
    for (const name of ['index', ...SUB_PATHS]) {
      expect(read(`dist/${name}.js`)).not.toContain('@millrace/core');
      expect(read(`dist/${name}.d.ts`)).not.toMatch(/from '@millrace\//);
    }
    expect(read('dist/index.global.js')).not.toContain('@millrace/core');
  });

  it('makes nobody pay for a sub-path who does not import it', () => {
    const imports = (file: string) =>
      [...read(file).matchAll(/(?:from|import)\s*"([^"]+)"/g)].map(([, name]) => name);
    expect(imports('dist/index.js')).toEqual(['idb-keyval']);
    for (const name of SUB_PATHS) {
      const its =
        {
          openfeature: ['@openfeature/web-sdk'],
          react: ['react'],
          variants: ['idb-keyval'],
          'web-vitals': ['web-vitals'],
        }[name] ?? [];
      expect([name, new Set(imports(`dist/${name}.js`))]).toEqual([name, new Set(its)]);
    }
    for (const own of ['$page_leave', 'ajs_anonymous_id', 'gclid', 'Set-Cookie', '$exposure']) {
      expect(read('dist/index.js')).not.toContain(own);
      expect(read('dist/index.global.js')).not.toContain(own);
    }
  });

  it('has sub-paths that plain Node imports and calls without a page', () => {
    const program = `import { autocapture } from '@millrace/browser-sdk/autocapture';
      import { clickIds } from '@millrace/browser-sdk/click-ids';
      import { device } from '@millrace/browser-sdk/device';
      import { adoptIds } from '@millrace/browser-sdk/migrate';
      import { AnalyticsProvider } from '@millrace/browser-sdk/react';
      import { segmentFacade } from '@millrace/browser-sdk/segment';
      import { idCookie } from '@millrace/browser-sdk/server-cookie';
      import { snippet } from '@millrace/browser-sdk/snippet';
      import { webVitals } from '@millrace/browser-sdk/web-vitals';
      const event = { context: {} };
      autocapture({})();
      webVitals({});
      clickIds()(event);
      device()(event);
      console.log(JSON.stringify([event, adoptIds(['segment', 'posthog', 'amplitude', 'mixpanel'])]),
        [AnalyticsProvider, segmentFacade, idCookie, snippet].every((each) => typeof each === 'function'));`;
    writeFileSync(join(root, 'sub-paths.mjs'), program);
    const output = execFileSync(process.execPath, ['sub-paths.mjs'], { cwd: root, encoding: 'utf8' });
    expect(output).toBe('[{"context":{}},{}] true\n');
    expect(read('dist/react.js')).toMatch(/^'use client';/);
  });

  it('is imported by plain Node, where it does nothing', () => {
    const program = `import { createAnalytics } from '@millrace/browser-sdk';
      createAnalytics({ writeKey: 'wk', host: 'http://127.0.0.1:1' }).track('a');
      try { createAnalytics({ writeKey: 'wk', host: 'nowhere' }) }
      catch (error) { console.log(error instanceof TypeError && error.field) }`;
    writeFileSync(join(root, 'import.mjs'), program);
    expect(execFileSync(process.execPath, ['import.mjs'], { cwd: root, encoding: 'utf8' })).toBe('host\n');
  });

  it('has types that stand by themselves', () => {
    const program = `import { type Analytics, createAnalytics } from '@millrace/browser-sdk';
      import { autocapture } from '@millrace/browser-sdk/autocapture';
      import { clickIds } from '@millrace/browser-sdk/click-ids';
      import { device } from '@millrace/browser-sdk/device';
      import { adoptIds } from '@millrace/browser-sdk/migrate';
      import { AnalyticsProvider, useAnalytics } from '@millrace/browser-sdk/react';
      import { segmentFacade, segmentOptions } from '@millrace/browser-sdk/segment';
      import { webVitals } from '@millrace/browser-sdk/web-vitals';
      interface Cart { items: number }
      const cart: Cart = { items: 1 };
      const analytics: Analytics = createAnalytics({ writeKey: 'wk', host: 'https://example.com' });
      analytics.track('Cart Viewed', cart);
      analytics.on('dropped', ({ reason, count }) => { const text: string = reason + count.toFixed(); return text; });
      // @ts-expect-error: an event needs a name
      analytics.track();
      const sent: Promise<boolean> = analytics.flush();
      const typed = createAnalytics<{ Bought: Cart; Left: undefined }>({
        writeKey: 'wk', host: 'https://example.com', ...adoptIds(['segment']),
        enrich: [clickIds(), device(), segmentOptions],
      });
      const stop: () => void = autocapture(typed);
      webVitals(typed);
      const facade = segmentFacade(typed);
      facade.page('Docs', 'Home', { a: 1 }, { context: { ip: '0.0.0.0' } }, () => {});
      const provider = AnalyticsProvider({ client: typed, plugins: [autocapture, webVitals] });
      const client: Analytics<{ Bought: Cart }> = useAnalytics<{ Bought: Cart }>();
      export { sent, stop, provider, client };`;
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
  }, 120_000);
});
