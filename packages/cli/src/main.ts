#!/usr/bin/env node
import { COMMANDS } from './commands.ts';
import { runCli } from './run-cli.ts';
import { VERSION } from './version.ts';

// Whatever reads our output may stop reading, as `head` does; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  io: { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env },
  commands: COMMANDS,
  version: VERSION,
});
