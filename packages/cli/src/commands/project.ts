import { changeRetention, createWarehouseClient } from '@millrace/warehouse-schema';
import { type Command, type CommandIo, parseFlags, UsageError } from '../command.ts';
import { type Installation, withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { whileNothingLoads } from '../processes/while-nothing-loads.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { loadConfig } from './load-config.ts';

const flags = { project: { type: 'string' }, existing: { type: 'boolean' } } as const;
/** A table is rewritten by one statement. */
const TIMEOUT_MS = 6 * 60 * 60_000;

/** `millrace project`: projects, and how long their rows are kept. */
export const project: Command = {
  summary: 'list projects, and say how long their events are kept',
  usage: `Usage: millrace project list
       millrace project retention <days> [--project <name>] [--existing]

Rows are kept for so many days from the time of their event; an event that is older when it comes is refused. Another
number holds for what comes from then on, within a second.

  --project    the project (default: demo)
  --existing   for the rows that are there already as well; those that are too old by it are gone when the command
               ends. Counts in rollups stay
  --data       the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    const positionals = action === 'retention' ? ['days'] : [];
    const parsed = parseFlags(rest, action === 'retention' ? flags : {}, { positionals });
    const config = loadConfig(io, parsed.values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    const run = (use: (installation: Installation) => Promise<void>) =>
      withInstallation({ config, log }, async (installation) => {
        await use(installation);
        return 0;
      });
    switch (action) {
      case 'list':
        return run((installation) => list(installation, io));
      case 'retention': {
        const days = daysOf(parsed.positionals[0]);
        const { project: name = 'demo', existing = false } = parsed.values as {
          project?: string;
          existing?: boolean;
        };
        return run((installation) => retention(installation, io, { name, days, existing }));
      }
      default:
        throw new UsageError(`expected list or retention${action ? `, got ${JSON.stringify(action)}` : ''}`);
    }
  },
};

function daysOf(text: string | undefined): number {
  const days = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (days >= 1 && days <= 36_500) return days;
  throw new UsageError(
    `expected a number of days from 1 to 36500${text === undefined ? '' : `, got ${text}`}`,
  );
}

async function list(installation: Installation, io: CommandIo): Promise<void> {
  const store = await installation.definitions();
  const rows = (await store.listProjects()).map(({ projectId, name, retentionDays }) => [
    String(projectId),
    name,
    String(retentionDays),
  ]);
  io.stdout.write(formatTable(['ID', 'NAME', 'RETENTION DAYS'], rows));
}

async function retention(
  installation: Installation,
  io: CommandIo,
  { name, days, existing }: { name: string; days: number; existing: boolean },
): Promise<void> {
  const { config } = installation;
  const store = await installation.definitions();
  const { projectId } = await store.setRetention(name, days);
  io.stdout.write(`events of ${name} are kept for ${days} days from now on\n`);
  if (!existing) return;
  const { admin } = await installation.warehouse();
  const client = createWarehouseClient({ ...admin, requestTimeoutMs: TIMEOUT_MS });
  const isKafka = (await kafkaConnection(config)) !== undefined;
  try {
    const changes = await changeRetention({
      client,
      projectId,
      days,
      standStill: (operation) => whileNothingLoads({ client, dataDir: config.dataDir, isKafka }, operation),
    });
    const changed = changes.filter(({ rows }) => rows > 0);
    for (const { table, rows } of changed) io.stdout.write(`${table}: ${rows} rows changed\n`);
    if (changed.length === 0) io.stdout.write('every row was kept for that long already\n');
  } finally {
    await client.close();
  }
}
