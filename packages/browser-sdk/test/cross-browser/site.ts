import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { snippet } from '../../src/snippet/index.ts';

const BUILD = new URL('../../dist/', import.meta.url);

const BLOCK_STORAGE = `for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });
Object.defineProperty(document, 'cookie', { get: () => '', set() {} });`;

const ASK_FOR_PRIVACY = `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });`;

/** Calls of a page that does not wait for the script. */
const EARLY_CALLS = `analytics.identify('u1', { plan: 'pro' }); analytics.track('early', { order: 1 });
analytics.register({ shop: 'north' }); analytics.track('later', { order: 2 }); window.wasLoaded = !!window.millrace;`;

/**
 * A site whose pages hold the built SDK, its sub-paths below `/sub-path`; `?storage=blocked` and `?gpc` are pages of
 * visitors who are harder to serve. `/pasted?collector=` has the snippet instead, and calls at once.
 */
export interface Site {
  /** Its origin. */
  url: string;
  close(): Promise<void>;
}

/** A site on a free port of the loopback. */
export async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    const [, subPath] = /^\/sub-path\/([a-z-]+\.js)$/.exec(pathname) ?? [];
    const file = pathname === '/millrace.js' ? 'index.global.js' : subPath;
    if (file) {
      const script = readFileSync(new URL(file, BUILD));
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    }
    const before = [
      searchParams.get('storage') === 'blocked' ? BLOCK_STORAGE : '',
      searchParams.has('gpc') ? ASK_FOR_PRIVACY : '',
    ];
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    if (pathname === '/pasted') {
      const src = `${searchParams.get('collector')}/millrace.js`;
      const pasted = `<script>${snippet({ writeKey: 'wk_visit', src })}</script><script>${EARLY_CALLS}</script>`;
      return void response.end(`<!doctype html><title>A page</title>${pasted}`);
    }
    response.end(
      pathname === '/elsewhere'
        ? '<!doctype html><title>Elsewhere</title>'
        : `<!doctype html><title>A page</title><script>${before.join('')}
           window.complaints = [];
           addEventListener('error', (event) => complaints.push(String(event.message)));
           addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));
           </script><script src="/millrace.js"></script>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
