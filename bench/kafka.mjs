// CPU per event from HTTP to Kafka's ack, for each packing and client, beside the collector to the spool's sync
// plus a bare loop of the same client over the same messages and sends, and beside parse + stringify; all in one
// run, in turns, medians of the rounds. `of goal` is CPU / (to the sync + 1.1 x loop); the goal is 1.
import { pathToFileURL } from 'node:url';
import { startKafka } from '../scripts/services/kafka.mjs';
import { drive, renderRequest } from './collector/drive.mjs';
import { makeBodies } from './collector/events.mjs';
import { measureServer, startProcess } from './collector/measured-process.mjs';
import { median, round, spread } from './support/figures.mjs';
import { makeTopics } from './support/kafka-topics.mjs';
import { findNode22 } from './support/node22.mjs';

const BATCH = 50;
const CONNECTIONS = 16;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const LOAD = { batch: BATCH, connections: CONNECTIONS, ms: ROUND_MS };
const LOOP_OF_GOAL = 1.1;
const PACKINGS = ['events', 'lines'];

const column = (results, key) => median(results.map((result) => result[key]));

/** One side by side: a Node, and the clients that run on it. */
async function measureNode({ node, clients, env, requests }) {
  const start = (kind, args) => startProcess(kind, args, { node, env });
  const [json, sync] = await Promise.all([start('json'), start('collector')]);
  const cases = [];
  for (const client of clients) {
    for (const packing of PACKINGS) {
      const [server, loop] = await Promise.all([
        start('kafka', [client, packing]),
        start('loop', [client, packing]),
      ]);
      cases.push({ client, packing, server, loop, found: [], loops: [] });
    }
  }
  const found = { json: [], sync: [] };
  try {
    for (const { port } of [sync, ...cases.map(({ server }) => server)]) {
      await drive(port, requests, CONNECTIONS, ROUND_MS);
    }
    for (let turn = 0; turn < ROUNDS; turn++) {
      found.json.push(await json.ask('measure', { ms: ROUND_MS / 2, size: BATCH }));
      found.sync.push(await measureServer(sync, requests, LOAD));
      for (const each of cases) {
        each.found.push(await measureServer(each.server, requests, LOAD));
        const eventsPerSend = each.found.at(-1).eventsPerSend;
        each.loops.push(await each.loop.ask('measure', { ms: ROUND_MS, eventsPerSend }));
      }
    }
  } finally {
    for (const each of [json, sync, ...cases.flatMap(({ server, loop }) => [server, loop])]) each.end();
  }
  return { found, cases };
}

function rowsOf(nodeVersion, { found, cases }) {
  const base = column(found.json, 'usPerEvent');
  const figures = (results) => ({
    'CPU us/event': round(column(results, 'usPerEvent'), 2),
    'least to most': spread(
      results.map(({ usPerEvent }) => usPerEvent),
      1,
    ),
    'x parse+stringify': round(column(results, 'usPerEvent') / base, 2),
  });
  const row = (what, results) => ({
    what: `${what}, Node ${nodeVersion}`,
    ...figures(results),
    'events/s': Math.round(column(results, 'perSecond')),
    'ack p50 ms': round(column(results, 'p50')),
    'ack p99 ms': round(column(results, 'p99')),
    'RSS MB': Math.round(column(results, 'rssMb')),
  });
  const rows = [
    { what: `parse + stringify, Node ${nodeVersion}`, ...figures(found.json) },
    row('collector to the sync', found.sync),
  ];
  for (const { client, packing, found: results, loops } of cases) {
    const goals = results.map(
      ({ usPerEvent }, turn) =>
        usPerEvent / (found.sync[turn].usPerEvent + LOOP_OF_GOAL * loops[turn].usPerEvent),
    );
    rows.push({ what: `loop of ${client}, ${packing}, Node ${nodeVersion}`, ...figures(loops) });
    rows.push({
      ...row(`collector to Kafka, ${client}, ${packing}`, results),
      'events/send': Math.round(column(results, 'eventsPerSend')),
      'of goal': round(median(goals), 2),
    });
  }
  return rows;
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const requests = makeBodies(200, BATCH, 2).map(renderRequest);
  const node22 = await findNode22();
  const kafka = await startKafka({ settings: { 'log.retention.check.interval.ms': '2000' } });
  const env = { KAFKA_BROKERS: kafka.brokers.join(',') };
  try {
    await makeTopics(kafka.brokers);
    const own = process.versions.node.split('.')[0];
    const rows = [];
    if (node22 !== process.execPath) {
      rows.push(...rowsOf(own, await measureNode({ clients: ['kafkajs'], env, requests })));
    }
    if (node22) {
      const clients = ['kafkajs', 'platformatic'];
      rows.push(...rowsOf(22, await measureNode({ node: node22, clients, env, requests })));
    } else {
      rows.push({ what: 'platformatic: not measured, no Node 22 (npx -p node@22 failed)' });
    }
    return { name: 'kafka', batch: BATCH, connections: CONNECTIONS, rows };
  } finally {
    await kafka.stop();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.table((await run()).rows);
