import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PNPM } from '../scripts/lib/run.mjs';
import { type EventsSink, startEventsSink } from './support/events-sink.ts';
import { nodeOf } from './support/node-of.ts';

const PACKAGE = join(import.meta.dirname, '../packages/node-sdk');
const BOOTSTRAP = {
  format: 1,
  version: 1,
  flags: { limit: { type: 'number', enabled: true, default: 3 } },
  experiments: {
    checkout: {
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 1,
          trafficSalt: 't',
          variantSalt: 'v',
          traffic: { start: 0, end: 10_000 },
          variants: [{ start: 0, end: 10_000, variant: 'one_page' }],
        },
      ],
    },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'millrace-runtimes-'));
const installed = join(folder, 'node_modules/@millrace/node-sdk');
let sink: EventsSink;

// What npm does with the tarball, without a registry.
beforeAll(async () => {
  sink = await startEventsSink(BOOTSTRAP);
  const [npx = 'npx', ...pnpm] = PNPM;
  execFileSync(npx, [...pnpm, 'pack', '--pack-destination', folder], { cwd: PACKAGE, stdio: 'pipe' });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  symlinkSync(join(PACKAGE, 'node_modules/@openfeature'), join(folder, 'node_modules/@openfeature'));
  writeFileSync(
    join(folder, 'smoke.mjs'),
    `import { createAnalytics, withScope } from '@millrace/node-sdk';
    import '@millrace/node-sdk/express';
    import '@millrace/node-sdk/fastify';
    import '@millrace/node-sdk/hono';
    import { visitorOf } from '@millrace/node-sdk/next';
    import { createProvider } from '@millrace/node-sdk/openfeature';
    const bootstrap = ${JSON.stringify(BOOTSTRAP)};
    const analytics = createAnalytics({
      writeKey: 'sk', host: process.argv[2], flushIntervalMs: 60_000, variants: { bootstrap },
    });
    createProvider(analytics);
    const { anonymousId } = visitorOf({ headers: new Headers() }, { writeKey: 'wk' });
    const variant = await withScope({ anonymousId }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return analytics.getVariant('checkout');
    });
    analytics.track('Ordered', { text: 'é🙂'.repeat(2_000) }, { anonymousId });
    const isFlushed = await analytics.flush();
    analytics.track('Last', {}, { anonymousId });
    setInterval(() => {}, 1_000);
    console.log(JSON.stringify({ version: process.versions.node, variant, isFlushed }));`,
  );
}, 120_000);

afterAll(() => {
  sink.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([20, 22, 24])('packed, on Node %d: events, variants, and the end by SIGTERM', async (major) => {
  sink.taken.length = 0;
  const child = spawn(await nodeOf(major), ['smoke.mjs', sink.url], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then((code) => expect.fail(`ended with ${code}`)),
  ])) as [Buffer];
  const { version, ...found } = JSON.parse(line.toString());
  expect(version).toMatch(new RegExp(`^${major}\\.`));
  expect(found).toEqual({ variant: 'one_page', isFlushed: true });
  child.kill('SIGTERM');
  expect(await exited).toEqual([null, 'SIGTERM']);
  expect(sink.taken).toEqual(['$exposure', 'Ordered', 'Last']);
});

it('a process that follows the definitions ends by itself', async () => {
  sink.taken.length = 0;
  const program = `import { createAnalytics } from '@millrace/node-sdk';
    const analytics = createAnalytics({ writeKey: 'sk', host: ${JSON.stringify(sink.url)}, variants: {} });
    const isReady = await analytics.variantsReady();
    console.log(isReady, analytics.for({ anonymousId: 'a' }).getVariant('checkout'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toBe('true one_page\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(sink.taken).toEqual(['$exposure']);
});

/** The built file as one script that leaves `sdk` behind, which is what tools for the edge make of it. */
async function scriptOf(name: string): Promise<string> {
  const [result] = [
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        target: 'es2022',
        lib: { entry: join(installed, `dist/${name}.js`), formats: ['iife'], name: 'sdk', fileName: name },
      },
    }),
  ].flat();
  if (!result || !('output' in result)) throw new Error(`${name} was not built`);
  return result.output[0].code;
}

it('packed, in an edge runtime that has web standards alone: events, variants, the cookie of a visitor', async () => {
  sink.taken.length = 0;
  const vm = new EdgeVM();
  expect(vm.evaluate('[typeof process, typeof require, typeof Buffer]')).toEqual([
    'undefined',
    'undefined',
    'undefined',
  ]);
  vm.evaluate(`${await scriptOf('next')}; globalThis.next = sdk;`);
  vm.evaluate(`${await scriptOf('edge')}; globalThis.edge = sdk;`);
  const found = await vm.evaluate(`(async () => {
    const waited = [];
    const analytics = edge.createAnalytics({
      writeKey: 'sk', host: ${JSON.stringify(sink.url)}, waitUntil: (work) => waited.push(work),
      variants: { bootstrap: ${JSON.stringify(BOOTSTRAP)} },
    });
    const visitor = next.visitorOf(new Request('https://example.com/'), { writeKey: 'wk' });
    const answer = visitor.keep(new Response('page'));
    const one = analytics.for(next.scopeOfHeaders(visitor.headers, { writeKey: 'wk' }));
    const variant = one.getVariant('checkout');
    one.track('Ordered', { text: 'é🙂'.repeat(2_000) });
    await Promise.all(waited);
    return { variant, limit: one.getFlag('limit', 1), pending: analytics.pending, cookie: answer.headers.get('set-cookie') };
  })()`);
  expect(found).toEqual({
    variant: 'one_page',
    limit: 3,
    pending: 0,
    cookie: expect.stringMatching(/^millrace_wk=[\da-f-]{36}; /),
  });
  expect(sink.taken).toEqual(['$exposure', 'Ordered']);
});
