import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '@millrace/definitions';
import { type Command, CommandError, parseFlags } from '../command.ts';
import { readRunFile } from '../data-dir/run-file.ts';
import { loadConfig } from './load-config.ts';

const LIMIT_MS = 60_000;
const POLL_MS = 50;

/** `millrace stop`: ends the server that runs over the data folder. */
export const stop: Command = {
  summary: 'end the server that runs over the data folder',
  usage: `Usage: millrace stop [--data FOLDER]

Ends in order what \`millrace start\` started over the data folder, and returns when it is gone. Nothing is lost.
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, {});
    const { dataDir } = loadConfig(io, values);
    const run = await readRunFile(dataDir);
    if (!run) {
      io.stdout.write(`nothing runs over ${dataDir}\n`);
      return 0;
    }
    process.kill(run.supervisor.pid, 'SIGTERM');
    const deadline = Date.now() + LIMIT_MS;
    while (isAlive(run.supervisor)) {
      if (Date.now() > deadline) {
        throw new CommandError(`process ${run.supervisor.pid} has not ended within ${LIMIT_MS / 1000} s`);
      }
      await delay(POLL_MS);
    }
    io.stdout.write(`stopped ${run.url}\n`);
    return 0;
  },
};
