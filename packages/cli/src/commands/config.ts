import { type Command, parseFlags } from '../command.ts';
import { type ConfigEntry, readConfig } from '../config/read-config.ts';

const flags = {
  host: { type: 'string' },
  port: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `millrace config`: every setting, its value and where that came from. */
export const config: Command = {
  summary: 'show every setting, its value and where it came from',
  usage: `Usage: millrace config [--json]

Shows every setting with its value, where that came from, the default and what it means. Secrets are masked.
Settings come from environment variables; --host, --port and --data stand for HOST, PORT and MILLRACE_DATA.

  --json   as JSON
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, flags);
    const { entries, warnings } = readConfig({ env: io.env, flags: values });
    if (values.json) {
      io.stdout.write(`${JSON.stringify({ settings: entries, warnings }, null, 2)}\n`);
      return 0;
    }
    io.stdout.write(entries.map(describe).join('\n'));
    for (const warning of warnings) io.stderr.write(`\nwarning: ${warning}\n`);
    return 0;
  },
};

function describe(entry: ConfigEntry): string {
  const source = entry.flag && entry.source === 'flag' ? `flag --${entry.flag}` : entry.source;
  const fallback = entry.fallback && entry.source !== 'default' ? `, default ${entry.fallback}` : '';
  return `${entry.variable}=${entry.value}  (${source}${fallback})\n    ${entry.meaning}\n`;
}
