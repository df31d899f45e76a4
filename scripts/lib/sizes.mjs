import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { root, run } from './run.mjs';

/**
 * The sizes in bytes, after brotli, of what `.size-limit.json` lists: `{ name, limit, size, byEsbuild }` each. `size` is
 * of the file that Vite makes of an application that imports just that; `byEsbuild` of the one that esbuild makes
 * (size-limit), whose minifier leaves more. A file without `import` is measured as it is.
 */
export async function measureSizes() {
  const entries = JSON.parse(readFileSync(join(root, '.size-limit.json'), 'utf8'));
  const { output } = await run([join(root, 'node_modules/.bin/size-limit'), '--json']);
  const start = output.indexOf('[');
  if (start < 0) throw new Error(output);
  const byEsbuild = new Map(
    JSON.parse(output.slice(start, output.lastIndexOf(']') + 1)).map(({ name, size }) => [name, size]),
  );
  return Promise.all(
    entries.map(async ({ name, path, import: imports, limit, ignore }) => ({
      name,
      limit: Number.parseFloat(limit) * 1000,
      size: brotliCompressSync(imports ? await bundle(path, imports, ignore) : readFileSync(join(root, path)))
        .length,
      byEsbuild: byEsbuild.get(name),
    })),
  );
}

/** What Vite makes of an application that imports `imports`: names of the file `path`, or of several files. */
async function bundle(path, imports, external = []) {
  const sets = typeof imports === 'string' ? { [path]: imports } : imports;
  const code = Object.entries(sets)
    .map(([file, names]) => `export ${names} from ${JSON.stringify(join(root, file))};`)
    .join('\n');
  const { output } = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === 'application' ? '\0application' : undefined),
        load: (id) => (id === '\0application' ? code : undefined),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: 'application',
        preserveEntrySignatures: 'strict',
        external,
        output: { format: 'es' },
      },
    },
  });
  if (output.length !== 1) throw new Error(`one file was expected of ${path}`);
  return output[0].code;
}
