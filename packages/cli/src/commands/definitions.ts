import { DefinitionsError, moveDefinitions } from '@millrace/definitions';
import { type Command, CommandError, parseFlags, UsageError } from '../command.ts';
import { maskUrl } from '../config/mask-url.ts';
import { SETTINGS } from '../config/settings.ts';
import { withInstallation } from '../installation/installation.ts';
import { loadConfig } from './load-config.ts';

/** `millrace definitions`: moves projects, keys, experiments and members to another PostgreSQL. */
export const definitions: Command = {
  summary: 'move projects, keys and experiments to another PostgreSQL',
  usage: `Usage: millrace definitions move --to <url>

Copies all definitions to an empty PostgreSQL database, in one transaction, and compares both sides row by row. The
source (the data folder, or DATABASE_URL) stays as it is. Millrace must be stopped meanwhile. Cut off, it has changed
nothing; run again after it succeeded, it finds everything there. Then set DATABASE_URL and start.

  --to     where to, such as postgres://user:password@postgres.internal:5432/millrace
  --data   the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    if (action !== 'move') {
      throw new UsageError(`expected move${action ? `, got ${JSON.stringify(action)}` : ''}`);
    }
    const { values } = parseFlags(rest, { to: { type: 'string' } });
    const to = targetUrl(values.to);
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      if (installation.run) {
        throw new CommandError(`Millrace runs over ${config.dataDir}: stop it first (millrace stop)`);
      }
      const { rows, wasThere } = await move(await installation.definitionsUrl(), to);
      for (const [table, count] of Object.entries(rows)) io.stdout.write(`${table.padEnd(12)} ${count}\n`);
      log(wasThere ? 'Everything was there already.' : 'Moved, and compared row by row.');
      log(`Now start with DATABASE_URL=${maskUrl(to)}`);
      return 0;
    });
  },
};

function targetUrl(text: string | undefined): string {
  if (text === undefined) throw new UsageError('definitions move: expected --to <url>');
  const parsed = SETTINGS.databaseUrl.parse(text);
  if (parsed.ok && parsed.value) return parsed.value;
  throw new UsageError(`--to ${maskUrl(text)}: expected ${parsed.ok ? 'a URL' : parsed.expected}`);
}

async function move(from: string, to: string) {
  try {
    return await moveDefinitions({ from, to });
  } catch (error) {
    if (error instanceof DefinitionsError) throw new CommandError(error.message);
    throw error;
  }
}
