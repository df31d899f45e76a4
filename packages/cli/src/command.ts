import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a command reads and writes; a test passes its own. */
export interface CommandIo {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
}

/** One subcommand of `millrace`. */
export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  usage: string;
  /** Runs it with what stands after its name; resolves with the exit code. */
  run(argv: string[], io: CommandIo): Promise<number>;
}

/** A command was called in a way that it does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
  readonly code = 'usage';
}

/** Something stands in the way that the person at the terminal can put right; the message says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError' as const;
  readonly code = 'command_failed';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the flags of a command, all of which take `--data`. Throws `UsageError` for anything unknown. */
export function parseFlags<const T extends Options>(
  argv: string[],
  options: T,
  { positionals = [] }: { positionals?: readonly string[] } = {},
) {
  try {
    const parsed = parseArgs({
      args: argv,
      options: { ...options, data: { type: 'string' as const } },
      allowPositionals: true,
      strict: true,
    });
    const [extra] = parsed.positionals.slice(positionals.length);
    if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** The whole number of a flag, from `min`; undefined where the flag is not given. Throws `UsageError`. */
export function wholeNumber(flag: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`--${flag} ${text}: expected a whole number of at least ${min}`);
}

/** An action of a command that has several, and the names of the arguments that it takes. @throws UsageError */
export function chooseAction<A extends { takes: readonly string[] }>(
  actions: { readonly [action: string]: A },
  action: string,
): A {
  const chosen = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (chosen) return chosen;
  const got = action ? `, got ${JSON.stringify(action)}` : '';
  throw new UsageError(`expected one of ${Object.keys(actions).join(', ')}${got}`);
}

/** @throws UsageError where fewer arguments came than the action takes */
export function requireArguments(
  action: string,
  takes: readonly string[],
  positionals: readonly string[],
): void {
  if (positionals.length >= takes.length) return;
  throw new UsageError(`${action}: expected ${takes.map((one) => `<${one}>`).join(' ')}`);
}
