import { defineConfig } from 'tsup';

const core = { '@millrace/core': ['../core/src/index.ts'] };

const shared = {
  target: 'es2022',
  platform: 'browser',
  minify: true,
  noExternal: ['@millrace/core'],
} as const;

const dts = { compilerOptions: { paths: core, ignoreDeprecations: '6.0' } };

const SUB_PATHS = [
  'autocapture',
  'web-vitals',
  'segment',
  'migrate',
  'device',
  'click-ids',
  'snippet',
  'server-cookie',
];

const entries = (names: string[]) => Object.fromEntries(names.map((name) => [name, `src/${name}/index.ts`]));

export default defineConfig([
  {
    ...shared,
    entry: ['src/index.ts'],
    format: ['esm'],
    dts,
  },
  {
    ...shared,
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
    entry: entries(['react']),
    format: ['esm'],
    splitting: false,
    // Next.js renders what it marks in the browser as well.
    banner: { js: "'use client';" },
    dts,
  },
]);
