import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EmbeddedUnavailableError } from './embedded-errors.ts';

const WAY_OUT =
  'Set CLICKHOUSE_URL to a ClickHouse server (25.8 or newer), or run Millrace where there is one: Linux with glibc or macOS, x64 or arm64 (on Windows: WSL2).';

/**
 * The path of chDB's library for this platform.
 * @throws EmbeddedUnavailableError where there is none.
 */
export function findEmbeddedLibrary(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CHDB_LIBCHDB_PATH === undefined && process.platform === 'linux' && !hasGlibc()) {
    throw new EmbeddedUnavailableError(
      `The embedded ClickHouse needs glibc, which this Linux (Alpine?) has not. ${WAY_OUT}`,
    );
  }
  try {
    const { resolveLibchdb } = createRequire(import.meta.url)('chdb/libchdb') as {
      resolveLibchdb: (options: { env: NodeJS.ProcessEnv }) => { path: string };
    };
    const { path } = resolveLibchdb({ env });
    if (existsSync(path)) return path;
    throw new Error(`${path} does not exist`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedUnavailableError(
      `No embedded ClickHouse for ${process.platform}-${process.arch}: ${reason}. ${WAY_OUT}`,
    );
  }
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime !== undefined;
}
