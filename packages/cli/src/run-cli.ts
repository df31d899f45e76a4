import { type Command, CommandError, type CommandIo, UsageError } from './command.ts';
import { nearest } from './config/nearest.ts';

/** What the command line is made of; a test passes its own commands. */
export interface CliOptions {
  /** What stands after `millrace`. */
  argv: readonly string[];
  io: CommandIo;
  commands: Readonly<Record<string, () => Promise<Command>>>;
  version: string;
}

/** The command line was wrong, or a setting. */
const EXIT_USAGE = 2;
/** The command could not do what it was asked to. */
const EXIT_FAILED = 1;

/**
 * Runs one subcommand and resolves with the exit code: 0 done, 1 failed, 2 called wrongly. Expected failures
 * are one sentence on standard error; only a defect of Millrace prints a stack.
 */
export async function runCli({ argv, io, commands, version }: CliOptions): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout.write(await overview(commands));
    return name === undefined ? EXIT_USAGE : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const meant = nearest(name, Object.keys(commands));
    io.stderr.write(
      `millrace: there is no command ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : ''}\n`,
    );
    io.stderr.write('Run millrace --help for the list.\n');
    return EXIT_USAGE;
  }
  const command = await load();
  if (asksForHelp(rest)) {
    io.stdout.write(command.usage);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    return explain(error, name, io);
  }
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

async function overview(commands: CliOptions['commands']): Promise<string> {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  const lines = await Promise.all(
    Object.entries(commands).map(
      async ([name, load]) => `  ${name.padEnd(width)}  ${(await load()).summary}\n`,
    ),
  );
  return `Usage: millrace <command> [flags]\n\n${lines.join('')}\nRun millrace <command> --help for its flags.\n`;
}

function explain(error: unknown, name: string, io: CommandIo): number {
  if (error instanceof UsageError) {
    io.stderr.write(`millrace ${name}: ${error.message}\nRun millrace ${name} --help.\n`);
    return EXIT_USAGE;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'invalid_config') {
    io.stderr.write(`millrace: ${(error as Error).message}\n`);
    return EXIT_USAGE;
  }
  // Node's own ERR_ codes are wrong calls of ours, not trouble of the system's.
  if (error instanceof CommandError || (typeof code === 'string' && !code.startsWith('ERR_'))) {
    io.stderr.write(`millrace ${name}: ${sentence(error as Error)}\n`);
    return EXIT_FAILED;
  }
  io.stderr.write(
    `millrace ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT_FAILED;
}

/** An error with its code's own words; what a failed connection says is in its parts. */
function sentence(error: Error): string {
  const parts =
    error instanceof AggregateError ? error.errors.map((part) => String(part?.message ?? part)) : [];
  const text = error.message || parts.join('; ') || error.name;
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? `\n${error.remedy}` : '';
  return `${text}${remedy}`;
}
