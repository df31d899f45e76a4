import type { Plugin } from 'vite';

const BLOCK_STORAGE = `for (const name of ['localStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });`;

// Chromium says that it is driven by a program.
const HUMAN = `for (const [name, value] of Object.entries({ webdriver: false, userAgent: 'Mozilla/5.0 Chrome/140' }))
  Object.defineProperty(navigator, name, { value });`;

/**
 * Serves `/sdk-page`, an empty page with the source of the SDK, its variants, autocapture and web vitals; with
 * `?storage=blocked` the page has no storage, with `?human` it seems to have a visitor.
 */
export function sdkPage(): Plugin {
  return {
    name: 'sdk-page',
    configureServer(server) {
      server.middlewares.use('/sdk-page', (request, response) => {
        const blocked = request.url?.includes('storage=blocked');
        const human = request.url?.includes('human');
        response.setHeader('content-type', 'text/html');
        response.end(`<!doctype html><title>A page</title>
          <script>${blocked ? BLOCK_STORAGE : ''} ${human ? HUMAN : ''}</script>
          <script type="module">
            import { createAnalytics } from '/packages/browser-sdk/src/index.ts';
            import { autocapture } from '/packages/browser-sdk/src/autocapture/index.ts';
            import { addressOverrides } from '/packages/browser-sdk/src/overrides/index.ts';
            import { push } from '/packages/browser-sdk/src/push/index.ts';
            import { rules } from '/packages/browser-sdk/src/rules/index.ts';
            import { createAnalytics as withVariants } from '/packages/browser-sdk/src/variants/index.ts';
            import { webVitals } from '/packages/browser-sdk/src/web-vitals/index.ts';
            Object.assign(window, { createAnalytics, autocapture, webVitals, withVariants });
            Object.assign(window, { addressOverrides, push, rules });
          </script>`);
      });
    },
  };
}
