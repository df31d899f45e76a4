import { expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import type { RunFile } from '../data-dir/run-file.ts';
import { describeMovedPorts } from './moved-ports.ts';

const { config } = readConfig({ env: {} });
const run = (httpPort: number, port: number) =>
  ({
    clickhouse: { url: '', httpPort, tcpPort: 3511 },
    definitions: { connectionString: '', port },
  }) as RunFile;

it('says which engine has another port than wanted', () => {
  expect(describeMovedPorts(config, run(3513, 3514))).toEqual([
    'port 3510 is taken: 3513 is the one of ClickHouse over HTTP',
    'port 3512 is taken: 3514 is the one of the definitions',
  ]);
  expect(describeMovedPorts(config, { loader: { port: 3515 } })).toEqual([
    'port 3513 is taken: 3515 is the one of the loader',
  ]);
});

it('says nothing where all have theirs, or are outside', () => {
  expect(describeMovedPorts(config, run(3510, 3512))).toEqual([]);
  expect(describeMovedPorts(config, {})).toEqual([]);
});
