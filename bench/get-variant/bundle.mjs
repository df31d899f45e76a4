import { join } from 'node:path';
import { build } from 'vite';

/** core's evaluator as the SDKs carry it; it is private, and published within them only. Resolves with a data URL. */
export async function bundleEvaluator() {
  const entry = join(import.meta.dirname, '../../packages/core/src/evaluation/index.ts');
  const [{ output }] = [
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        lib: { entry, formats: ['es'], fileName: 'evaluation' },
      },
    }),
  ].flat();
  return `data:text/javascript,${encodeURIComponent(output[0].code)}`;
}
