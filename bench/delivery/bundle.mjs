import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** The client of an SDK as one minified script, as a site would serve it: `{ code, gzipBytes }`. */
export async function bundle(name) {
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL(`clients/${name}.mjs`, import.meta.url)),
        formats: ['es'],
        fileName: name,
      },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const { code } = output.find(({ type }) => type === 'chunk');
  return { code, gzipBytes: gzipSync(code, { level: 9 }).length };
}
