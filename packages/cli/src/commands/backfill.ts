import { mkdir } from 'node:fs/promises';
import { FolderLockedError } from '@millrace/definitions';
import {
  BackfillError,
  type BackfillProgress,
  backfillRollup,
  createWarehouseClient,
  unfilledRollups,
} from '@millrace/warehouse-schema';
import { type Command, CommandError, parseFlags, UsageError } from '../command.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { withInstallation } from '../installation/installation.ts';
import { BACKFILL_TIMEOUT_MS, lockBackfill } from '../processes/fill-rollups.ts';
import { whileNothingLoads } from '../processes/while-nothing-loads.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { loadConfig } from './load-config.ts';

const flags = { load: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `millrace backfill`: fills a rollup with the events that came before its view. */
export const backfill: Command = {
  summary: 'fill a rollup that came later than its events',
  usage: `Usage: millrace backfill [<rollup>] [--load <share>]

Fills a rollup that a migration added with the events that were there before, day by day, each event once, beside live
inserts. May be cut off at any time, and goes on where it was. Without a name: every rollup that needs it. Over the spool
the running server does it by itself.

  --load   the share of the time that one thread of ClickHouse works on it, up to 1 (default: 0.5)
  --json   what was done, as JSON
  --data   the data folder
`,
  async run(argv, io) {
    const { values, positionals } = parseFlags(argv, flags, { positionals: ['rollup'] });
    const load = shareOf(values.load);
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      const { admin } = await installation.warehouse();
      const client = createWarehouseClient({ ...admin, requestTimeoutMs: BACKFILL_TIMEOUT_MS });
      const stateDir = dataPaths(config.dataDir).loader;
      const isKafka = (await kafkaConnection(config)) !== undefined;
      await mkdir(stateDir, { recursive: true });
      const lock = await lockBackfill(stateDir).catch(refuse);
      try {
        const names = positionals.length > 0 ? positionals : await unfilledRollups(client);
        const reports = [];
        for (const name of names) {
          const report = await backfillRollup(name, {
            client,
            load,
            standStill: (operation) =>
              whileNothingLoads({ client, dataDir: config.dataDir, isKafka }, operation),
            onProgress: (progress) => log(describe(progress)),
          });
          reports.push(report);
        }
        if (values.json) io.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
        else if (reports.every(({ days }) => days === 0)) io.stdout.write('every rollup has every event\n');
        else
          for (const { rollup, days, events } of reports)
            io.stdout.write(`${rollup}: ${events} events of ${days} days\n`);
        return 0;
      } catch (error) {
        throw error instanceof BackfillError ? new CommandError(error.message) : error;
      } finally {
        await lock.release();
        await client.close();
      }
    });
  },
};

function shareOf(text: string | undefined): number {
  if (text === undefined) return 0.5;
  const share = Number(text);
  if (share > 0 && share <= 1) return share;
  throw new UsageError(`--load ${text}: expected a share such as 0.5, above 0 and up to 1`);
}

function refuse(error: unknown): never {
  if (!(error instanceof FolderLockedError)) throw error;
  throw new CommandError(`process ${error.pid} fills rollups already`);
}

function describe({ rollup, done, total, restMs }: BackfillProgress): string {
  const share = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${rollup}: ${done} of ${total} events, ${share} %, about ${Math.ceil(restMs / 1000)} s to go`;
}
