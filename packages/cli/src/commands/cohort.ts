import { userInfo } from 'node:os';
import { DefinitionsError } from '@millrace/definitions';
import { type NewCohort, readNewCohort, storeCohort } from '@millrace/studio';
import { createWarehouseClient, InsightError } from '@millrace/warehouse-schema';
import {
  type Command,
  CommandError,
  type CommandIo,
  chooseAction,
  parseFlags,
  requireArguments,
  wholeNumber,
} from '../command.ts';
import { findProject } from '../definitions/find-project.ts';
import { readText } from '../definitions/read-document.ts';
import { withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { projectCohorts } from '../processes/project-cohorts.ts';
import { loadConfig } from './load-config.ts';

const text = { type: 'string' } as const;
const FLAGS = {
  project: text,
  version: text,
  author: text,
  note: text,
  'if-version': text,
  ids: { type: 'boolean' },
} as const;

interface Asked {
  io: CommandIo;
  cohorts: ReturnType<typeof projectCohorts>;
  name: string;
  file: string;
  version: number | undefined;
  ifVersion: number | undefined;
  isIds: boolean;
  author: string;
  note: string;
}

const ACTIONS: { [action: string]: { takes: readonly string[]; run(asked: Asked): Promise<void> } } = {
  list: { takes: [], run: list },
  get: { takes: ['name'], run: get },
  put: { takes: ['name', 'file'], run: put },
  delete: { takes: ['name'], run: remove },
  history: { takes: ['name'], run: history },
};

/** `millrace cohort`: the stored cohorts of a project. */
export const cohort: Command = {
  summary: 'list, read, save and delete groups of people under names',
  usage: `Usage: millrace cohort list
       millrace cohort get <name> [--version <n>]
       millrace cohort put <name> <file> [--ids] [--note <why>] [--if-version <n>]
       millrace cohort delete <name>
       millrace cohort history <name>

A cohort is a condition of insights. The file of put (- is standard input) is JSON: {"definition": {...}}, or
{"people": ["id", ...]}, or {"snapshot": {"insight": "funnel-people", "question": {...}}}; with --ids it has an id on each
line. docs/cohorts.md says what a definition is made of.

  --project      the project (default: demo)
  --version      another version than the newest
  --ids          the file has an id on each line
  --author       who saves it (default: the user of this machine)
  --note         why
  --if-version   save only if this is the newest version; 0: if there is none yet
  --data         the data folder
`,
  async run([action = '', ...rest], io) {
    const chosen = chooseAction(ACTIONS, action);
    const { values, positionals } = parseFlags(rest, FLAGS, { positionals: chosen.takes });
    requireArguments(action, chosen.takes, positionals);
    const [name = '', file = ''] = positionals;
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      const store = await installation.definitions();
      const { projectId } = await findProject(store, values.project ?? 'demo');
      const client = createWarehouseClient((await installation.warehouse()).admin);
      const asked: Asked = {
        io,
        cohorts: projectCohorts(projectId, store.cohorts, client),
        name,
        file,
        version: wholeNumber('version', values.version, 1),
        ifVersion: wholeNumber('if-version', values['if-version'], 0),
        isIds: values.ids ?? false,
        author: values.author ?? userInfo().username,
        note: values.note ?? '',
      };
      try {
        await chosen.run(asked);
      } catch (error) {
        if (isForTheCaller(error)) throw new CommandError(error.message);
        throw error;
      } finally {
        await client.close();
      }
      return 0;
    });
  },
};

function isForTheCaller(error: unknown): error is Error {
  if (error instanceof DefinitionsError || error instanceof InsightError) return true;
  return error instanceof Error && 'code' in error && error.code === 'invalid_field';
}

async function list({ io, cohorts }: Asked): Promise<void> {
  const rows = (await cohorts.list()).map((one) => [
    one.name,
    String(one.version),
    one.author,
    kindOf(one.definition),
  ]);
  if (rows.length === 0) io.stderr.write('no cohort is stored yet\n');
  else io.stdout.write(formatTable(['NAME', 'VERSION', 'AUTHOR', 'WHAT'], rows));
}

function kindOf(definition: object | null): string {
  if (definition === null) return 'deleted';
  return 'list' in definition
    ? `${(definition as { ids?: number }).ids ?? 0} ids`
    : JSON.stringify(definition);
}

async function get({ io, cohorts, name, version }: Asked): Promise<void> {
  const found = await cohorts.read(name, version);
  if (!found) throw new CommandError(`there is no cohort ${JSON.stringify(name)}, or no such version of it`);
  io.stdout.write(`${JSON.stringify(found.definition, undefined, 2)}\n`);
}

async function put({ io, cohorts, name, file, isIds, ifVersion, author, note }: Asked): Promise<void> {
  const said = await readText(io, file);
  const read: NewCohort = isIds
    ? readNewCohort(JSON.stringify({ people: said.split(/\r?\n/).filter((line) => line !== '') }))
    : readNewCohort(said);
  const signal = new AbortController().signal;
  const { version } = await storeCohort(cohorts, name, { ...read, author, note }, { ifVersion, signal });
  io.stderr.write(`the cohort ${name} is at version\n`);
  io.stdout.write(`${version}\n`);
}

async function remove({ io, cohorts, name, ifVersion, author, note }: Asked): Promise<void> {
  if ((await cohorts.read(name)) === undefined)
    throw new CommandError(`there is no cohort ${JSON.stringify(name)}`);
  await cohorts.save({ name, definition: null, author, note, ifVersion });
  await cohorts.dropLists();
  io.stderr.write(`the cohort ${name} is deleted; its history stays\n`);
}

async function history({ io, cohorts, name }: Asked): Promise<void> {
  const rows = (await cohorts.history(name)).map((one) => [
    String(one.version),
    one.createdAt.toISOString().slice(0, 19),
    one.author,
    kindOf(one.definition),
    one.note.replace(/\s+/g, ' '),
  ]);
  if (rows.length === 0) throw new CommandError(`there is no cohort ${JSON.stringify(name)}`);
  io.stdout.write(formatTable(['VERSION', 'SAVED', 'AUTHOR', 'WHAT', 'NOTE'], rows));
}
