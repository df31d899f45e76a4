import { defineConfig } from 'vitest/config';

const source = { conditions: ['@millrace/source'] };

/**
 * unit:    pure code and loopback servers; no engine.      *.test.ts
 * engine:  the real embedded ClickHouse and PGlite.        *.engine.test.ts
 * postgres: a real PostgreSQL.                            *.postgres.test.ts
 * kafka:   a real Apache Kafka from scripts/services.       *.kafka.test.ts
 * browser: real Chromium, one page per file.               *.browser.test.ts (vitest.browser.config.ts)
 * cross-browser: the built SDK in Chromium, Firefox and WebKit. *.cross-browser.test.ts
 * e2e:     the built product as processes.                 e2e/*.e2e.test.ts
 */
export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/{src,web}/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.{engine,postgres,kafka,browser}.test.ts', '**/node_modules/**'],
          // Long enough for a property test on a busy machine; nothing here measures time.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['packages/*/src/**/*.engine.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['packages/*/src/**/*.postgres.test.ts'],
          globalSetup: ['scripts/services/postgres-setup.mjs'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: ['{packages/*/src,scripts,e2e}/**/*.kafka.test.ts'],
          testTimeout: 120_000,
          // The first time, Maven fetches Kafka's jars.
          hookTimeout: 240_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'cross-browser',
          include: ['packages/browser-sdk/test/**/*.cross-browser.test.ts'],
          globalSetup: ['packages/browser-sdk/test/build-sdk.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      './vitest.browser.config.ts',
    ],
  },
});
