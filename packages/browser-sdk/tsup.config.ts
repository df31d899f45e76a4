import { defineConfig } from 'tsup';

const core = { '@millrace/core': ['../core/src/index.ts'] };

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'es2022',
    platform: 'browser',
    treeshake: true,
    clean: true,
    minify: true,
    noExternal: ['@millrace/core'],
    dts: { compilerOptions: { paths: core, ignoreDeprecations: '6.0' } },
  },
]);
