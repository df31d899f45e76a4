import type { Config } from '../config/read-config.ts';
import type { RunFile } from '../data-dir/run-file.ts';

/** A line for each part within that got another port than its setting says. */
export function describeMovedPorts(
  config: Config,
  run: Pick<RunFile, 'clickhouse' | 'definitions' | 'loader'>,
): string[] {
  const ports = [
    ['ClickHouse over HTTP', config.clickhouseHttpPort, run.clickhouse?.httpPort],
    ['ClickHouse for native clients', config.clickhouseTcpPort, run.clickhouse?.tcpPort],
    ['the definitions', config.definitionsPort, run.definitions?.port],
    ['the loader', config.loaderPort, run.loader?.port],
  ] as const;
  return ports
    .filter(([, wanted, got]) => got !== undefined && got !== wanted)
    .map(([name, wanted, got]) => `port ${wanted} is taken: ${got} is the one of ${name}`);
}
