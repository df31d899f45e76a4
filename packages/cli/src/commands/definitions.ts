import { type Command, UsageError } from '../command.ts';
import { get, history, put, rollback } from '../definitions/documents.ts';
import { importFrom } from '../definitions/import.ts';
import { moveTo } from '../definitions/move.ts';
import { validate } from '../definitions/validate.ts';

const ACTIONS: { [name: string]: Command['run'] } = {
  get,
  put,
  validate,
  history,
  rollback,
  import: importFrom,
  move: moveTo,
};

/** `millrace definitions`: flags and experiments as a document, with its history; and the move to another PostgreSQL. */
export const definitions: Command = {
  summary: 'read, save, check and roll back flags and experiments; move all definitions',
  usage: `Usage: millrace definitions get [--version <n>]
       millrace definitions put <file> [--note <why>] [--if-version <n>]
       millrace definitions validate <file>
       millrace definitions history
       millrace definitions rollback <version> [--note <why>]
       millrace definitions import growthbook <file> [--unit <attribute>=<unit type>]...
       millrace definitions move --to <url>

A project has one document of flags and experiments for each of its environments. put makes a file (- is standard
input) the newest version, which SDKs have within seconds; what is wrong with it is said with its place, and then
nothing is saved. rollback saves an older version once more. A phase that has begun keeps its salts and variants.

import prints the document that a payload of GrowthBook's SDK API makes (GET /api/features/<key>), to be read and then
put; what has no equivalent there is a warning with its place. Units are drawn anew.

move copies projects, keys and documents to an empty PostgreSQL database, in one transaction, and compares both sides
row by row. The source (the data folder, or DATABASE_URL) stays as it is. Millrace must be stopped meanwhile. Cut off,
it has changed nothing; run again after it succeeded, it finds everything there. Then set DATABASE_URL and start.

  --project      the project (default: demo)
  --environment  the environment (default: production)
  --author       who saves it (default: the user of this machine)
  --note         why
  --if-version   save only if this is the newest version; 0: if there is none yet
  --unit         which id a hash attribute is, such as --unit id=userId
  --to           where to, such as postgres://user:password@postgres.internal:5432/millrace
  --data         the data folder
`,
  async run([action = '', ...rest], io) {
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (run) return run(rest, io);
    const names = Object.keys(ACTIONS).join(', ');
    throw new UsageError(`expected one of ${names}${action ? `, got ${JSON.stringify(action)}` : ''}`);
  },
};
