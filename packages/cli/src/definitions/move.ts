import { DefinitionsError, moveDefinitions } from '@millrace/definitions';
import { CommandError, type CommandIo, parseFlags, UsageError } from '../command.ts';
import { loadConfig } from '../commands/load-config.ts';
import { maskUrl } from '../config/mask-url.ts';
import { SETTINGS } from '../config/settings.ts';
import { withInstallation } from '../installation/installation.ts';

/** `millrace definitions move`: everything to another PostgreSQL. */
export async function moveTo(argv: string[], io: CommandIo): Promise<number> {
  const { values } = parseFlags(argv, { to: { type: 'string' } });
  const to = targetUrl(values.to);
  const config = loadConfig(io, values);
  const log = (line: string) => io.stderr.write(`${line}\n`);
  return withInstallation({ config, log }, async (installation) => {
    if (installation.run) {
      throw new CommandError(`Millrace runs over ${config.dataDir}: stop it first (millrace stop)`);
    }
    const { rows, wasThere } = await move(await installation.definitionsUrl(), to);
    const width = Math.max(...Object.keys(rows).map((table) => table.length));
    for (const [table, count] of Object.entries(rows)) io.stdout.write(`${table.padEnd(width)} ${count}\n`);
    log(wasThere ? 'Everything was there already.' : 'Moved, and compared row by row.');
    log(`Now start with DATABASE_URL=${maskUrl(to)}`);
    return 0;
  });
}

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
