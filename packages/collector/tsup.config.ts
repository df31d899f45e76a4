import { defineConfig } from 'tsup';

const paths = {
  '@millrace/core': ['../core/src/index.ts'],
  '@millrace/core/evaluation': ['../core/src/evaluation/index.ts'],
  '@millrace/core/variants': ['../core/src/variants/index.ts'],
  '@millrace/definitions/lock': ['../definitions/src/lock/index.ts'],
};

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node20',
  clean: true,
  noExternal: ['@millrace/core', '@millrace/definitions'],
  dts: { compilerOptions: { paths, ignoreDeprecations: '6.0' } },
});
