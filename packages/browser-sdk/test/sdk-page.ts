import type { Plugin } from 'vite';

const BLOCK_STORAGE = `for (const name of ['localStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });`;

/** Serves `/sdk-page`, an empty page with the source of the SDK, autocapture and web vitals; with `?storage=blocked` the page has no storage. */
export function sdkPage(): Plugin {
  return {
    name: 'sdk-page',
    configureServer(server) {
      server.middlewares.use('/sdk-page', (request, response) => {
        const blocked = request.url?.includes('storage=blocked');
        response.setHeader('content-type', 'text/html');
        response.end(`<!doctype html><title>A page</title>
          <script>${blocked ? BLOCK_STORAGE : ''}</script>
          <script type="module">
            import { createAnalytics } from '/packages/browser-sdk/src/index.ts';
            import { autocapture } from '/packages/browser-sdk/src/autocapture/index.ts';
            import { webVitals } from '/packages/browser-sdk/src/web-vitals/index.ts';
            Object.assign(window, { createAnalytics, autocapture, webVitals });
          </script>`);
      });
    },
  };
}
