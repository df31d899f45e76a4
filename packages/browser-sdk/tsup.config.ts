import { defineConfig } from 'tsup';

const core = { '@millrace/core': ['../core/src/index.ts'] };

const shared = {
  target: 'es2022',
  platform: 'browser',
  minify: true,
  noExternal: ['@millrace/core'],
} as const;

export default defineConfig([
  {
    ...shared,
    entry: ['src/index.ts'],
    format: ['esm'],
    dts: { compilerOptions: { paths: core, ignoreDeprecations: '6.0' } },
  },
  {
    ...shared,
    entry: { index: 'src/global.ts' },
    format: ['iife'],
    noExternal: ['@millrace/core', 'idb-keyval'],
  },
]);
