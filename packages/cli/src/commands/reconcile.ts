import {
  createSpoolReader,
  type ReconcileReport,
  reconcileKafka,
  reconcile as reconcileSpool,
} from '@millrace/collector';
import { createWarehouseClient } from '@millrace/warehouse-schema';
import { type Command, parseFlags, UsageError } from '../command.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { loadConfig } from './load-config.ts';

const flags = {
  from: { type: 'string' },
  to: { type: 'string' },
  repair: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `millrace reconcile`: compares the warehouse with the log, and the rollups with the events. */
export const reconcile: Command = {
  summary: 'compare the warehouse with the log, and the rollups with the events; mend them',
  usage: `Usage: millrace reconcile [--from <time>] [--to <time>] [--repair]

Compares the tables with what is kept of the log, and everything that is filled from events with events, row by row.
A running loader stands still meanwhile; events are still taken. Exits with 1 if something differs and is not mended.

  --from     only from this time on, such as 2026-11-20 (UTC) or 2026-11-20T12:00:00Z
  --to       only before this time
  --repair   mend what differs
  --json     as JSON
  --data     the data folder
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, flags);
    const from = timeOf('from', values.from);
    const to = timeOf('to', values.to);
    const repair = values.repair ?? false;
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      const paths = dataPaths(config.dataDir);
      const client = createWarehouseClient((await installation.warehouse()).admin);
      try {
        const options = {
          client,
          repair,
          logger: { info: () => {}, warn: log, error: log },
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        const connection = await kafkaConnection(config);
        const report = connection
          ? await reconcileKafka({ ...options, connection })
          : await reconcileSpool({
              ...options,
              reader: createSpoolReader({ folder: paths.spool }),
              stateDir: paths.loader,
            });
        io.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report, repair));
        return report.isExact || repair ? 0 : 1;
      } finally {
        await client.close();
      }
    });
  },
};

function timeOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--${flag} ${text}: expected a time such as 2026-11-20 or 2026-11-20T12:00:00Z`);
}

function describe({ records, rows, isExact }: ReconcileReport, repair: boolean): string {
  const table = formatTable(
    ['TABLE', 'AGAINST', 'PROJECT', 'DAY', 'EXPECTED', 'MISSING', 'SURPLUS', 'NOT COMPARABLE'],
    rows.map((row) => [
      row.table,
      row.against,
      String(row.projectId ?? ''),
      row.day ?? '',
      String(row.expected ?? ''),
      String(row.missing),
      String(row.surplus),
      String(row.notComparable ?? ''),
    ]),
  );
  const fix = repair ? 'what differed was mended' : 'run it with --repair to mend what differs';
  const unread = rows.some(({ notComparable = 0 }) => notComparable > 0)
    ? 'Rows that are not comparable stand where the log cannot be read any more; they are kept.\n'
    : '';
  return `${table}${records} records of the log compared: ${isExact ? 'all exact' : fix}\n${unread}`;
}
