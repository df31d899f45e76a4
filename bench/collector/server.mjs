// A process that is measured. Arguments: what it is, and what that needs.
//   collector                     HTTP to the spool's sync
//   bare                          a server that only syncs
//   kafka CLIENT PACKING          HTTP to Kafka's ack
//   loop CLIENT PACKING           no server: sends what it is told to, over and over, by the client alone
//   json                          no server: parses and stringifies alone
import { mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpool, startHttpServer } from '@millrace/collector';
import { createBenchApp } from './app.mjs';
import { startBareServer } from './bare-server.mjs';
import { makeBodies } from './events.mjs';

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit());

const listen = (log) => startHttpServer({ app: createBenchApp(log), host: '127.0.0.1', port: 0 });

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

/** What each kind of process starts: a server's port, and what it answers commands of its own with. */
const KINDS = {
  json: async () => ({
    port: 0,
    measure: async ({ ms, size }) => {
      measureJson(ms / 4, size);
      return { usPerEvent: measureJson(ms, size) };
    },
  }),
  bare: () => startBareServer(join(folder, 'log')),
  collector: async () => listen(await createSpool({ folder: join(folder, 'spool') })),
  async kafka(client, packing) {
    const { createCountedKafkaLog } = await import('../kafka/counted-log.mjs');
    const { log, counts } = await createCountedKafkaLog({ client, packing });
    return { port: (await listen(log)).port, counts };
  },
  async loop(client, packing) {
    const { createLoop } = await import('../kafka/loop.mjs');
    return { port: 0, measure: await createLoop({ client, packing }) };
  },
};

const [kind, ...args] = process.argv.slice(2);
const { port, measure, counts } = await KINDS[kind](...args);

const profiler = new Session();
profiler.connect();

let before = process.cpuUsage();
process.on('message', async ({ command, ...options }) => {
  if (command === 'start') {
    before = process.cpuUsage();
    if (counts) Object.assign(counts, { sends: 0, messages: 0 });
  }
  if (command === 'stop') {
    const { user, system } = process.cpuUsage(before);
    process.send({ cpuUs: user + system, rssMb: process.memoryUsage.rss() / 2 ** 20, ...counts });
  }
  if (command === 'profile') {
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.start');
    process.send({});
  }
  if (command === 'profiled') process.send(await profiler.post('Profiler.stop'));
  if (command === 'measure') process.send(await measure(options));
});
process.send({ port });
