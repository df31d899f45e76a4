import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `vite` (dev) asks for data; start one with `millrace start`. */
const server = process.env.MILLRACE_URL ?? 'http://127.0.0.1:3500';

export default defineConfig({
  root: new URL('web', import.meta.url).pathname,
  plugins: [react()],
  build: {
    outDir: new URL('dist/web', import.meta.url).pathname,
    emptyOutDir: true,
    target: 'es2022',
    // An inlined file would need an exception in the pages' content security policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: { live: 'web/index.html', shop: 'web/shop.html' } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/sql', '/v1', '/track', '/millrace.js'].map((path) => [path, server]),
    ),
  },
});
