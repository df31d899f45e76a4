import { FolderLockedError } from '@millrace/definitions';
import { createWarehouseClient, exportPerson, PersonError } from '@millrace/warehouse-schema';
import { type Command, CommandError, type CommandIo, parseFlags, UsageError } from '../command.ts';
import type { Config } from '../config/read-config.ts';
import { findProject } from '../definitions/find-project.ts';
import { startInProcessCollector } from '../installation/in-process-collector.ts';
import { withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { type DeletionReport, deletePerson, resumeDeletions } from '../people/delete-people.ts';
import { findPeople } from '../people/find-person.ts';
import type { PeoplePorts } from '../people/people-ports.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { loadConfig } from './load-config.ts';

const flags = { project: { type: 'string' }, yes: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** `millrace person`: what is held about one person, and its deletion. */
export const person: Command = {
  summary: 'export or delete everything that is held about a person',
  usage: `Usage: millrace person export <id> [--project <name>]
       millrace person delete <id>... --yes [--project <name>]
       millrace person resume

A person is all ids that belong together; any of them will do. export prints a line of JSON for each row that is held.
delete removes the rows, makes the figures of their days anew, and keeps out what is sent again of before; without --yes
it says whom it would delete. It may take a minute. resume goes on with deletions that were cut off.

  --project  the project (default: demo)
  --yes      delete, rather than say what would be deleted
  --json     the report as JSON
  --data     the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    if (action !== 'export' && action !== 'delete' && action !== 'resume') {
      throw new UsageError(
        `expected export, delete or resume${action ? `, got ${JSON.stringify(action)}` : ''}`,
      );
    }
    const { values, positionals: ids } = parseFlags(rest, flags, { positionals: IDS[action] });
    if (action !== 'resume' && ids.length === 0) throw new UsageError('expected an id of the person');
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withPorts(config, values.project ?? 'demo', log, async (ports, projectId) => {
      if (action === 'export') return writeExport(ports, projectId, ids, io);
      if (action === 'resume') return report(await resumeDeletions(ports), io, values.json ?? false);
      const found = await findPeople(ports, projectId, ids);
      log(`ids: ${found.ids.map((id) => JSON.stringify(id)).join(', ')}`);
      if (!values.yes) throw new CommandError('nothing was deleted: give --yes to delete all of these ids');
      return report([await deletePerson(ports, found)], io, values.json ?? false);
    });
  },
};

/** What follows the action. */
const IDS = { export: ['id'], delete: Array.from({ length: 1_000 }, () => 'id'), resume: [] } as const;

function withPorts(
  config: Config,
  project: string,
  log: (line: string) => void,
  use: (ports: PeoplePorts, projectId: number) => Promise<number>,
): Promise<number> {
  return withInstallation({ config, log }, async (installation) => {
    const store = await installation.definitions();
    const { projectId } = await findProject(store, project);
    const kafka = await kafkaConnection(config);
    if (!installation.run && !kafka) {
      // What waits in the spool is loaded first, so that it is seen.
      const logger = { info: () => {}, warn: log, error: log };
      await (await startInProcessCollector(installation, store, logger)).close();
    }
    const client = createWarehouseClient((await installation.warehouse()).admin);
    try {
      return await use({ client, store, dataDir: config.dataDir, kafka, log }, projectId);
    } catch (error) {
      throw inWords(error);
    } finally {
      await client.close();
    }
  });
}

function inWords(error: unknown): unknown {
  if (error instanceof PersonError) return new CommandError(error.message);
  if (!(error instanceof FolderLockedError)) return error;
  return new CommandError(
    `process ${error.pid} has the loader stand still, or it does not: try again when it is done`,
  );
}

async function writeExport(
  ports: PeoplePorts,
  projectId: number,
  ids: string[],
  io: CommandIo,
): Promise<number> {
  const found = await findPeople(ports, projectId, ids);
  for await (const row of exportPerson(ports.client, found)) io.stdout.write(`${JSON.stringify(row)}\n`);
  return 0;
}

function report(reports: DeletionReport[], io: CommandIo, isJson: boolean): number {
  if (isJson) io.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const one of reports) io.stdout.write(describe(one));
  if (!isJson && reports.length === 0) io.stdout.write('there is no deletion to go on with\n');
  return 0;
}

function describe({ ids, removed, spooledEvents, loggedIds, until, notices }: DeletionReport): string {
  const rows = [
    ...Object.entries(removed),
    ['spool, blanked', spooledEvents] as const,
    ['logs, ids', loggedIds] as const,
  ].filter(([, count]) => count > 0);
  const table = formatTable(
    ['WHERE', 'ROWS'],
    rows.map(([where, count]) => [where, String(count)]),
  );
  return [
    `deleted, with ${ids} ${ids === 1 ? 'id' : 'ids'}; what these ids sent up to ${until} is kept nowhere from now on`,
    ...(rows.length > 0 ? [table.trimEnd()] : []),
    ...notices.map((notice) => `note: ${notice}`),
    '',
  ].join('\n');
}
