import { userInfo } from 'node:os';
import {
  DEFAULT_ENVIRONMENT,
  type DefinitionsPlace,
  type DefinitionsStore,
  EMPTY_DEFINITIONS,
  formatDefinitions,
} from '@millrace/definitions';
import { CommandError, type CommandIo, parseFlags, UsageError, wholeNumber } from '../command.ts';
import { loadConfig } from '../commands/load-config.ts';
import { withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { findProject } from './find-project.ts';
import { explainProblems, readDocument } from './read-document.ts';

const text = { type: 'string' } as const;
const PLACE_FLAGS = { project: text, environment: text } as const;
const SAVE_FLAGS = { ...PLACE_FLAGS, author: text, note: text } as const;

type PlaceFlags = { [name in 'data' | 'project' | 'environment']?: string | undefined };

/** `millrace definitions get`: prints the newest document, or that of a version. */
export async function get(argv: string[], io: CommandIo): Promise<number> {
  const { values } = parseFlags(argv, { ...PLACE_FLAGS, version: text });
  const version = wholeNumber('version', values.version, 1);
  return withPlace(values, io, async (store, place) => {
    const found = await store.readDefinitions({ ...place, version });
    if (!found && version !== undefined) throw missing(version, place);
    if (!found) io.stderr.write(`nothing is saved for ${place.environment} yet: this is an empty document\n`);
    io.stdout.write(formatDefinitions(found?.document ?? EMPTY_DEFINITIONS));
  });
}

/** `millrace definitions put <file>`: makes a document the newest. */
export async function put(argv: string[], io: CommandIo): Promise<number> {
  const flags = { ...SAVE_FLAGS, 'if-version': text };
  const { values, positionals } = parseFlags(argv, flags, { positionals: ['file'] });
  const [file] = positionals;
  if (file === undefined) throw new UsageError('definitions put: expected the file, or - for standard input');
  const ifVersion = wholeNumber('if-version', values['if-version'], 0);
  const document = await readDocument(io, file);
  return save(values, io, async (store, place, author) =>
    explainProblems(file, () =>
      store.saveDefinitions({ ...place, document, author, note: values.note ?? '', ifVersion }),
    ),
  );
}

/** `millrace definitions history`: who saved what when. */
export async function history(argv: string[], io: CommandIo): Promise<number> {
  const { values } = parseFlags(argv, PLACE_FLAGS);
  return withPlace(values, io, async (store, place) => {
    const versions = await store.listDefinitions(place);
    if (versions.length === 0) io.stderr.write(`nothing is saved for ${place.environment} yet\n`);
    const rows = versions.map((one) => [
      String(one.version),
      one.createdAt.toISOString().slice(0, 19),
      one.author,
      one.note.replace(/\s+/g, ' '),
    ]);
    if (rows.length > 0) io.stdout.write(formatTable(['VERSION', 'SAVED', 'AUTHOR', 'NOTE'], rows));
  });
}

/** `millrace definitions rollback <version>`: saves an older document once more, as the newest. */
export async function rollback(argv: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseFlags(argv, SAVE_FLAGS, { positionals: ['version'] });
  const version = wholeNumber('version', positionals[0], 1);
  if (version === undefined) throw new UsageError('definitions rollback: expected the version to go back to');
  return save(values, io, async (store, place, author) => {
    const [newest] = await store.listDefinitions(place);
    const found = await store.readDefinitions({ ...place, version });
    if (!newest || !found) throw missing(version, place);
    const note = values.note ?? `back to version ${version}`;
    return explainProblems(`version ${version}`, () =>
      store.saveDefinitions({ ...place, document: found.document, author, note, ifVersion: newest.version }),
    );
  });
}

/** Saves by `use` and prints the version that now counts. */
async function save(
  values: PlaceFlags & { author?: string | undefined },
  io: CommandIo,
  use: (store: DefinitionsStore, place: DefinitionsPlace, author: string) => Promise<{ version: number }>,
): Promise<number> {
  return withPlace(values, io, async (store, place) => {
    const { version } = await use(store, place, values.author ?? userInfo().username);
    io.stderr.write(`the definitions of ${place.environment} are at version\n`);
    io.stdout.write(`${version}\n`);
  });
}

async function withPlace(
  values: PlaceFlags,
  io: CommandIo,
  use: (store: DefinitionsStore, place: DefinitionsPlace) => Promise<void>,
): Promise<number> {
  const { project = 'demo', environment = DEFAULT_ENVIRONMENT } = values;
  const config = loadConfig(io, values);
  const log = (line: string) => io.stderr.write(`${line}\n`);
  return withInstallation({ config, log }, async (installation) => {
    const store = await installation.definitions();
    const { projectId } = await findProject(store, project);
    await use(store, { projectId, environment });
    return 0;
  });
}

function missing(version: number, { environment }: DefinitionsPlace): CommandError {
  return new CommandError(
    `${environment} has no version ${version}, or its text is no longer kept: millrace definitions history`,
  );
}
