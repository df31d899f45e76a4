import { runReadOnlySql } from '@millrace/warehouse-schema';
import { type Command, type CommandIo, parseFlags, UsageError } from '../command.ts';
import { withInstallation } from '../installation/installation.ts';
import { loadConfig } from './load-config.ts';

/** `millrace sql`: one query as the user that may only read. */
export const sql: Command = {
  summary: 'run one query against the warehouse, read-only',
  usage: `Usage: millrace sql "<query>" [--format <format>]
       echo "<query>" | millrace sql

Runs one query as a user that may read the database millrace and nothing else, within limits on rows, time
and memory. Try: millrace sql "SELECT * FROM event_counts"

  --format   ClickHouse's format, such as JSON, CSV or Vertical
             (default: PrettyCompact in a terminal, else TabSeparatedWithNames)
  --data     the data folder
`,
  async run(argv, io) {
    const { values, positionals } = parseFlags(
      argv,
      { format: { type: 'string' } },
      { positionals: ['query'] },
    );
    const config = loadConfig(io, values);
    const query = positionals[0] ?? (await readQuery(io));
    if (query.trim() === '') throw new UsageError('expected a query');
    const format = values.format ?? (io.stdout.isTTY ? 'PrettyCompact' : 'TabSeparatedWithNames');
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      const { reader, admin } = await installation.warehouse();
      const result = await runReadOnlySql({ url: admin.url, reader, admin, sql: query, format });
      io.stdout.write(result.body.endsWith('\n') || result.body === '' ? result.body : `${result.body}\n`);
      return 0;
    });
  },
};

async function readQuery(io: CommandIo): Promise<string> {
  if (io.stdin.isTTY) throw new UsageError('expected a query');
  const parts: Buffer[] = [];
  for await (const part of io.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
