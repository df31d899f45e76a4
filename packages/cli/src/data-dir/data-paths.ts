import { join } from 'node:path';

/** Where everything stands in a data folder. */
export interface DataPaths {
  root: string;
  run: string;
  /** `run.json` and lock of a start of single parts. */
  partsRun(parts: readonly string[]): string;
  partLock(part: string): string;
  credentials: string;
  lock: string;
  spool: string;
  /** Events that wait for a Kafka that is away. */
  buffer: string;
  loader: string;
  clickhouse: string;
  definitions: string;
  snapshot: string;
  logs: string;
}

/** The layout of a data folder, as docs/architecture.md describes it. */
export function dataPaths(root: string): DataPaths {
  const definitions = join(root, 'definitions');
  return {
    root,
    run: join(root, 'run.json'),
    partsRun: (parts) => join(root, `run.${parts.join('-')}.json`),
    partLock: (part) => join(root, `lock.${part}`),
    credentials: join(root, 'credentials'),
    lock: join(root, 'lock'),
    spool: join(root, 'spool'),
    buffer: join(root, 'buffer'),
    loader: join(root, 'loader'),
    clickhouse: join(root, 'clickhouse'),
    definitions,
    snapshot: join(definitions, 'snapshot.json'),
    logs: join(root, 'logs'),
  };
}
