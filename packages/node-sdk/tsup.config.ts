import { defineConfig } from 'tsup';

const core = {
  '@millrace/core': ['../core/src/index.ts'],
  '@millrace/core/evaluation': ['../core/src/evaluation/index.ts'],
  '@millrace/core/variants': ['../core/src/variants/index.ts'],
};

const shared = {
  target: 'es2022',
  format: 'esm',
  noExternal: [/^@millrace\/core/],
  dts: { compilerOptions: { paths: core, ignoreDeprecations: '6.0' } },
} as const;

export default defineConfig([
  {
    ...shared,
    platform: 'node',
    entry: {
      index: 'src/index.ts',
      express: 'src/middleware/express.ts',
      fastify: 'src/middleware/fastify.ts',
      hono: 'src/middleware/hono.ts',
    },
  },
  {
    ...shared,
    platform: 'neutral',
    entry: { edge: 'src/edge.ts', next: 'src/next/index.ts', openfeature: 'src/openfeature/index.ts' },
    // Each is a file that stands alone, also where a runtime takes one file.
    splitting: false,
  },
]);
