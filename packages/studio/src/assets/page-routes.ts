import { type Context, Hono } from 'hono';
import { routeOf } from '../../web/shop/routes.ts';
import { type AccessOptions, refusalOf } from '../access/guard.ts';
import { type Asset, loadAssets } from './load-assets.ts';
import { pageHeaders } from './page-headers.ts';

export interface PageOptions {
  /** The folder of the built pages. */
  dir: string;
  access: AccessOptions;
  /** Put into the shop's page for those who may see it. */
  writeKey: string;
}

const KEY_PLACEHOLDER = '<meta name="millrace-write-key" content="" />';

/** The routes of the pages and their files: `/`, `/shop`, `/assets/*`, `/favicon.svg`. */
export function pageRoutes({ dir, access, writeKey }: PageOptions): Hono {
  const assets = loadAssets(dir);
  const shop = asset('shop.html').body.toString();
  if (!shop.includes(KEY_PLACEHOLDER)) throw new Error('shop.html has no place for the write key');
  const shopWithKey = Buffer.from(
    shop.replace(KEY_PLACEHOLDER, KEY_PLACEHOLDER.replace('""', `"${escapeAttribute(writeKey)}"`)),
  );

  function asset(path: string): Asset {
    const found = assets.get(path);
    if (!found) throw new Error(`The pages are not built completely: ${path} is missing in ${dir}`);
    return found;
  }

  const app = new Hono();
  app.get('/', pageHeaders("'none'"), (c) => sendAsset(c, asset('index.html'), 'no-cache'));
  app.on('GET', ['/shop', '/shop/*'], pageHeaders("'self'"), (c) => {
    c.header('Cache-Control', 'no-store');
    const status = routeOf(c.req.path).page === 'missing' ? 404 : 200;
    return c.html((refusalOf(c, access) ? shop : shopWithKey).toString(), status);
  });
  app.get('/favicon.svg', (c) => sendAsset(c, asset('favicon.svg'), 'max-age=3600'));
  app.get('/favicon.ico', (c) => c.redirect('/favicon.svg', 301));
  app.get('/assets/:file', pageHeaders("'none'"), (c) => {
    const found = assets.get(`assets/${c.req.param('file')}`);
    // Their names hold a hash of their content.
    return found ? sendAsset(c, found, 'public, max-age=31536000, immutable') : c.notFound();
  });
  return app;
}

function sendAsset(c: Context, asset: Asset, cacheControl: string): Response {
  c.header('Cache-Control', cacheControl);
  c.header('ETag', asset.etag);
  if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304);
  c.header('Content-Type', asset.contentType);
  return c.body(new Uint8Array(asset.body));
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`);
}
