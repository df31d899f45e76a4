// Where the CPU of a collector over Kafka goes under full load: V8's own profile of the process, its samples by what
// they are spent on. Shares of
// the time that is not idle. Ten seconds a case, or a sixth of `--minutes N`.
import { pathToFileURL } from 'node:url';
import { startKafka } from '../scripts/services/kafka.mjs';
import { drive, renderRequest } from './collector/drive.mjs';
import { makeBodies } from './collector/events.mjs';
import { startProcess } from './collector/measured-process.mjs';
import { addBuckets } from './profile/buckets.mjs';
import { round } from './support/figures.mjs';
import { makeTopics } from './support/kafka-topics.mjs';
import { findNode22 } from './support/node22.mjs';

const BATCH = 50;
const CONNECTIONS = 16;
const WARM_UP_MS = 3_000;

async function profile({ client, packing, node, env, ms, requests }) {
  const server = await startProcess('kafka', [client, packing], { node, env });
  try {
    await drive(server.port, requests, CONNECTIONS, WARM_UP_MS);
    await server.ask('profile');
    server.start();
    const latencies = await drive(server.port, requests, CONNECTIONS, ms);
    const { cpuUs } = await server.ask('stop');
    const { profile } = await server.ask('profiled');
    return { client, packing, usPerEvent: cpuUs / (latencies.length * BATCH), ...addBuckets(profile) };
  } finally {
    server.end();
  }
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run({ minutes = 1 } = {}) {
  const requests = makeBodies(200, BATCH, 2).map(renderRequest);
  const node22 = await findNode22();
  const kafka = await startKafka({ settings: { 'log.retention.check.interval.ms': '2000' } });
  const env = { KAFKA_BROKERS: kafka.brokers.join(',') };
  const ms = (minutes * 60_000) / 6;
  try {
    await makeTopics(kafka.brokers);
    const found = [];
    for (const packing of ['events', 'lines']) {
      found.push(await profile({ client: 'kafkajs', packing, env, ms, requests }));
    }
    for (const packing of node22 ? ['events', 'lines'] : []) {
      found.push(await profile({ client: 'platformatic', packing, node: node22, env, ms, requests }));
    }
    const titles = found.map(({ client, packing }) => `${client}, ${packing}: %`);
    const names = Object.keys(found[0].shares);
    return {
      name: 'profile',
      top: Object.fromEntries(found.map(({ top }, index) => [titles[index], top])),
      rows: [
        ...names.map((what) => ({
          what,
          ...Object.fromEntries(found.map(({ shares }, index) => [titles[index], round(shares[what] ?? 0)])),
        })),
        {
          what: 'CPU us/event, profiled',
          ...Object.fromEntries(found.map(({ usPerEvent }, index) => [titles[index], round(usPerEvent)])),
        },
      ],
    };
  } finally {
    await kafka.stop();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.table(result.rows);
  for (const [title, functions] of Object.entries(result.top)) {
    console.log(title);
    console.table(functions);
  }
}
