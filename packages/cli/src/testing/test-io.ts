import type { CommandIo } from '../command.ts';

/** For tests: the streams of a command, kept in memory. */
export function testIo(env: CommandIo['env'] = {}, input = ''): CommandIo & { out(): string; err(): string } {
  const written = { out: '', err: '' };
  return {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    stdin: (async function* () {
      yield input;
    })(),
    env,
    out: () => written.out,
    err: () => written.err,
  };
}
