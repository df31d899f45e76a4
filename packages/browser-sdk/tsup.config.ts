import { resolve } from 'node:path';
import { defineConfig } from 'tsup';

const paths = {
  '@millrace/core': ['../core/src/index.ts'],
  '@millrace/core/evaluation': ['../core/src/evaluation/index.ts'],
  '@millrace/core/variants': ['../core/src/variants/index.ts'],
};

const shared = {
  target: 'es2022',
  platform: 'browser',
  noExternal: ['@millrace/core'],
  // Makes it some percent smaller than esbuild does.
  minify: 'terser',
  terserOptions: {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true, hoist_funs: true },
    format: { comments: false },
  },
} as const;

const INTERNAL_NAMES = [
  'settle',
  'unloadRoom',
  'outlivesPage',
  'onSettled',
  'onStopped',
  'maySend',
  'mayStore',
  'isCookieless',
  'outbox',
  'transport',
  'turns',
  'delivery',
  'byteLength',
  'jsonText',
  'recordKey',
  'isStored',
  'isSpilled',
  'onHide',
  'onShow',
  'onOnline',
  'storeAll',
  'readId',
  'writeId',
  'pending',
  'addEvent',
  'syncStored',
  'releaseStored',
  'storeUnsaved',
  'forgetPending',
  'purgeStored',
  'listKeys',
  'readRecords',
  'saveRecords',
  'removeRecords',
  'removeAll',
  'takeTurn',
  'releaseTurn',
  'sendBody',
  'afterMs',
  'baseMs',
  'capMs',
  'emit',
  'wake',
  'hide',
  'show',
  'current',
  'update',
  'kind',
  'answer',
  'decide',
  'purge',
  'state',
  'readValue',
  'saveValue',
  'syncCookie',
  'touchSession',
  'endSession',
  'startAnew',
  'spillUnsaved',
  'bucketOf',
  'evaluator',
  'onUse',
  'answers',
  'isSame',
  'ask',
  'refresh',
];

/**
 * The core's own build: what its modules call each other by is cut to a letter. These names stand for nothing else: not
 * on the wire, not in storage, not in the public interface.
 */
const core = {
  ...shared,
  esbuildOptions(options: { mangleProps?: RegExp }) {
    options.mangleProps = new RegExp(`^(${INTERNAL_NAMES.join('|')})$`);
  },
} as const;

/** Puts the page's own, smaller hash in the place of core's. */
const smallHash = {
  name: 'small-hash',
  setup(build: { onResolve(by: { filter: RegExp }, answer: () => { path: string }): void }) {
    build.onResolve({ filter: /\/murmur3\.ts$/ }, () => ({
      path: resolve(import.meta.dirname, 'src/variants/murmur3.ts'),
    }));
  },
};

const dts = { compilerOptions: { paths, ignoreDeprecations: '6.0' } };

const SUB_PATHS = [
  'autocapture',
  'web-vitals',
  'segment',
  'migrate',
  'device',
  'click-ids',
  'snippet',
  'server-cookie',
  'anti-flicker',
  'openfeature',
  'overrides',
  'push',
  'rules',
];

const entries = (names: string[]) => Object.fromEntries(names.map((name) => [name, `src/${name}/index.ts`]));

export default defineConfig([
  {
    ...core,
    entry: ['src/index.ts'],
    format: ['esm'],
    dts,
  },
  // The core once more, with variants: nobody loads both.
  {
    ...core,
    entry: entries(['variants']),
    esbuildPlugins: [smallHash],
    format: ['esm'],
    splitting: false,
    dts,
  },
  {
    ...core,
    entry: { index: 'src/global.ts' },
    format: ['iife'],
    noExternal: ['@millrace/core', 'idb-keyval'],
  },
  // Each sub-path is a file that stands alone: no chunk is shared, so none is loaded for another's sake.
  {
    ...shared,
    entry: entries(SUB_PATHS),
    format: ['esm'],
    splitting: false,
    dts,
  },
  {
    ...shared,
    // Terser would leave out the banner.
    minify: true,
    entry: entries(['react']),
    format: ['esm'],
    splitting: false,
    // Next.js renders what it marks in the browser as well.
    banner: { js: "'use client';" },
    dts,
  },
]);
