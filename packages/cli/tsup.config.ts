import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'processes/server': 'src/processes/server.ts',
    'processes/loader': 'src/processes/loader.ts',
    'processes/definitions': 'src/processes/definitions.ts',
  },
  format: ['esm'],
  target: 'node20',
  clean: true,
  splitting: true,
  noExternal: ['@millrace/core', '@millrace/definitions'],
});
