import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { collectorCommands } from './packages/browser-sdk/test/collector-commands.ts';
import { sdkPage } from './packages/browser-sdk/test/sdk-page.ts';
import { chromiumLaunch } from './scripts/chromium.mjs';

export default defineConfig({
  resolve: { conditions: ['@millrace/source'] },
  // They are modules already; were they found late and bundled, every open page would be loaded anew.
  optimizeDeps: { exclude: ['web-vitals', '@openfeature/web-sdk', '@openfeature/core'] },
  plugins: [sdkPage()],
  test: {
    name: 'browser',
    include: ['packages/*/src/**/*.browser.test.ts'],
    globalSetup: './packages/browser-sdk/test/build-sdk.ts',
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: await chromiumLaunch() }),
      instances: [{ browser: 'chromium' }],
      commands: collectorCommands,
    },
  },
});
