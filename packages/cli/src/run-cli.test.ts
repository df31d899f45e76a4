import { expect, it } from 'vitest';
import { type Command, CommandError, UsageError } from './command.ts';
import { ConfigError } from './config/config-error.ts';
import { runCli } from './run-cli.ts';
import { testIo } from './testing/test-io.ts';

function failing(error: unknown): Command {
  return { summary: 'fails', usage: 'Usage: fails\n', run: () => Promise.reject(error) };
}

async function run(argv: string[], commands: Record<string, Command> = {}) {
  const io = testIo();
  const known = Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [name, async () => command]),
  );
  const code = await runCli({ argv, io, commands: known, version: '1.2.3' });
  return { code, out: io.out(), err: io.err() };
}

const hello: Command = {
  summary: 'says hello',
  usage: 'Usage: millrace hello\n',
  run: async (argv, io) => {
    io.stdout.write(`hello ${argv.join(' ')}\n`);
    return 0;
  },
};

it('runs a command with what stands after its name', async () => {
  expect(await run(['hello', 'a', '--b'], { hello })).toEqual({ code: 0, out: 'hello a --b\n', err: '' });
});

it('prints help for all commands and for one, and the version', async () => {
  expect((await run(['--help'], { hello })).out).toContain('hello  says hello');
  expect((await run(['hello', 'x', '--help'], { hello })).out).toBe('Usage: millrace hello\n');
  expect((await run(['hello', '--', '--help'], { hello })).out).toBe('hello -- --help\n');
  expect((await run(['--version'], { hello })).out).toBe('1.2.3\n');
  expect((await run([], { hello })).code).toBe(2);
});

it('names the nearest command for one that does not exist', async () => {
  const { code, err } = await run(['helo'], { hello });
  expect(code).toBe(2);
  expect(err).toContain('no command "helo"; did you mean hello?');
  expect((await run(['constructor'], { hello })).code).toBe(2);
});

it.each([
  ['a wrong call', new UsageError('expected a key'), 2, 'expected a key'],
  ['a wrong setting', new ConfigError([{ variable: 'PORT', value: 'x', expected: 'a number' }]), 2, 'PORT=x'],
  ['an expected failure', new CommandError('the folder is taken'), 1, 'the folder is taken'],
  [
    'a failure of the system',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    1,
    'ECONNREFUSED',
  ],
])('answers %s with a sentence, not a stack', async (_, error, code, words) => {
  const result = await run(['fails'], { fails: failing(error) });
  expect(result.code).toBe(code);
  expect(result.err).toContain(words);
  expect(result.err).not.toContain('    at ');
});

it.each([
  new TypeError('x is undefined'),
  Object.assign(new TypeError('the "path" argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
])('prints the stack of a defect: %s', async (error) => {
  const { code, err } = await run(['fails'], { fails: failing(error) });
  expect(code).toBe(1);
  expect(err).toContain('    at ');
});
