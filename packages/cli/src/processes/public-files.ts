import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  map: 'application/json',
  tgz: 'application/gzip',
};

interface PublicFile {
  path: string;
  type: string;
  etag: string;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * The SDKs as this server hands them out to any page: `/millrace.js`, and packed tarballs below `/packages`
 * for `npm install`. Read into memory once; `folder` is what the build put together.
 */
export function publicFiles(folder = fileURLToPath(new URL('../public', import.meta.url))): Hono {
  const app = new Hono();
  for (const file of readPublicFiles(folder)) {
    app.get(file.path, (c) => {
      c.header('ETag', file.etag);
      c.header('Cache-Control', 'public, max-age=300');
      c.header('Access-Control-Allow-Origin', '*');
      c.header('Cross-Origin-Resource-Policy', 'cross-origin');
      c.header('X-Content-Type-Options', 'nosniff');
      if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
      return c.body(file.body, 200, { 'Content-Type': file.type });
    });
  }
  return app;
}

function readPublicFiles(folder: string): PublicFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const body = new Uint8Array(readFileSync(full));
      return {
        path: full.slice(folder.length).replaceAll('\\', '/'),
        type: TYPES[entry.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`,
        body,
      };
    });
}
