import { defineConfig } from 'tsup';

const paths = { '@millrace/core': ['../core/src/index.ts'] };

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node20',
  // dist/web is vite's.
  clean: ['!web/**'],
  noExternal: ['@millrace/core'],
  dts: { compilerOptions: { paths, ignoreDeprecations: '6.0' } },
});
