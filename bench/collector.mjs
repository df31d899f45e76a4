// CPU per event from HTTP to the spool's sync, beside JSON.parse + JSON.stringify of the same events and
// beside a server that only syncs; all in one run, in turns, medians of the rounds.
import { pathToFileURL } from 'node:url';
import { drive, renderRequest } from './collector/drive.mjs';
import { makeBodies } from './collector/events.mjs';
import { measureServer, startProcess } from './collector/measured-process.mjs';
import { median, round } from './support/figures.mjs';

const BATCH = 50;
const CONNECTIONS = 16;
const ROUNDS = 5;
const LOAD = { batch: BATCH, connections: CONNECTIONS, ms: 3_000 };

const column = (results, key) => median(results.map((result) => result[key]));

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const bodies = makeBodies(200, BATCH, 2);
  const requests = bodies.map(renderRequest);
  const servers = await Promise.all(['json', 'collector', 'bare'].map((kind) => startProcess(kind)));
  const [json, collector, bare] = servers;
  const found = { json: [], collector: [], bare: [] };
  try {
    for (const server of [collector, bare]) await drive(server.port, requests, CONNECTIONS, 2_000);
    for (let turn = 0; turn < ROUNDS; turn++) {
      found.json.push(await json.ask('measure', { ms: 1_000, size: BATCH }));
      found.collector.push(await measureServer(collector, requests, LOAD));
      found.bare.push(await measureServer(bare, requests, LOAD));
    }
  } finally {
    for (const server of servers) server.end();
  }
  const base = column(found.json, 'usPerEvent');
  const rowOf = (what, results) => ({
    what,
    'CPU us/event': round(column(results, 'usPerEvent'), 2),
    'x parse+stringify': round(column(results, 'usPerEvent') / base, 2),
    'events/s': Math.round(column(results, 'perSecond')),
    'ack p50 ms': round(column(results, 'p50')),
    'ack p99 ms': round(column(results, 'p99')),
    'RSS MB': Math.round(column(results, 'rssMb')),
  });
  return {
    name: 'collector',
    eventBytes: Math.round(Buffer.byteLength(bodies[0]) / BATCH),
    batch: BATCH,
    connections: CONNECTIONS,
    rows: [
      { what: 'JSON.parse + JSON.stringify', 'CPU us/event': round(base, 2), 'x parse+stringify': 1 },
      rowOf('collector to the sync', found.collector),
      rowOf('a server that only syncs', found.bare),
    ],
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.log(
    `${result.eventBytes} bytes an event, ${result.batch} a batch, ${result.connections} connections`,
  );
  console.table(result.rows);
}
