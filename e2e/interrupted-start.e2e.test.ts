import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePorts } from './support/free-ports.mjs';
import { MAIN } from './support/millrace.mjs';

/** Starts Millrace in a process group of its own, and sends the group Ctrl-C after `afterMs`. */
async function interrupt(dataDir: string, afterMs: number) {
  const [port, http, tcp, definitions] = await freePorts(4);
  const child = spawn(process.execPath, [MAIN, 'start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      MILLRACE_DATA: dataDir,
      MILLRACE_CLICKHOUSE_HTTP_PORT: String(http),
      MILLRACE_CLICKHOUSE_TCP_PORT: String(tcp),
      MILLRACE_DEFINITIONS_PORT: String(definitions),
    },
  });
  if (child.pid === undefined) throw new Error('millrace did not start');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
  // Once the folder is locked, the command has taken over the signals.
  const locked = () =>
    access(join(dataDir, 'lock')).then(
      () => true,
      () => false,
    );
  while (!(await locked())) await delay(5);
  await delay(afterMs);
  const sentAt = performance.now();
  process.kill(-child.pid, 'SIGINT');
  const [code, signal] = await once(child, 'exit');
  return { code, signal, output, tookMs: performance.now() - sentAt };
}

it.each([0, 100, 300, 600])(
  'Ctrl-C %i ms into a start ends it in order: one line, no banner, no stack',
  async (afterMs) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-interrupted-'));
    try {
      for (const start of ['first', 'second']) {
        const { code, signal, output, tookMs } = await interrupt(dataDir, afterMs);
        expect({ start, code, signal, output }).toEqual({
          start,
          code: 0,
          signal: null,
          output: 'Stopping …\nStopped.\n',
        });
        expect(tookMs).toBeLessThan(10_000);
      }
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
