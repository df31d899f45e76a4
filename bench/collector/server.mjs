// A process that is measured: `collector`, `bare` (a server that only syncs) or `json` (parse and stringify alone).
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, createSpool, DEFAULT_LIMITS, startHttpServer } from '@millrace/collector';
import { startBareServer } from './bare-server.mjs';
import { makeBodies } from './events.mjs';

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit());

async function startCollector() {
  const log = await createSpool({ folder: join(folder, 'spool') });
  const logger = { info() {}, warn: console.error, error: console.error };
  const app = createApp({
    log,
    projects: { lookup: (key) => (key === 'wk_bench' ? { projectId: 1, retentionDays: 365 } : undefined) },
    clock: Date.now,
    newId: randomUUID,
    limits: DEFAULT_LIMITS,
    trustedHops: 0,
    logger,
  });
  return startHttpServer({ app, host: '127.0.0.1', port: 0 });
}

/** Parses and stringifies the batches for `ms`, and returns CPU microseconds per event. */
function measureJson(ms, size) {
  const bodies = makeBodies(100, size, 1);
  const until = Date.now() + ms;
  const before = process.cpuUsage();
  let batches = 0;
  let bytes = 0;
  while (Date.now() < until) {
    for (const body of bodies) bytes += JSON.stringify(JSON.parse(body)).length;
    batches += bodies.length;
  }
  const { user, system } = process.cpuUsage(before);
  if (bytes === 0) throw new Error('nothing was stringified');
  return (user + system) / (batches * size);
}

let before = process.cpuUsage();
process.on('message', ({ command, ms, size }) => {
  if (command === 'start') before = process.cpuUsage();
  if (command === 'stop') {
    const { user, system } = process.cpuUsage(before);
    process.send({ cpuUs: user + system, rssMb: process.memoryUsage.rss() / 2 ** 20 });
  }
  if (command === 'json') {
    measureJson(ms / 4, size);
    process.send({ usPerEvent: measureJson(ms, size) });
  }
});

const mode = process.argv[2];
if (mode === 'collector') process.send({ port: (await startCollector()).port });
else if (mode === 'bare') process.send({ port: (await startBareServer(join(folder, 'log'))).port });
else process.send({ port: 0 });
