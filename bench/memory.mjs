// Resident memory of `millrace start --only collector` over Kafka under full load: 16 connections that post 50
// events each as soon as the last are answered, for a minute or `--minutes N`. Goal: 200 MB, and flat.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../e2e/support/free-ports.mjs';
import { startMillrace } from '../e2e/support/millrace.mjs';
import { startKafka } from '../scripts/services/kafka.mjs';
import { startPostgres } from '../scripts/services/postgres.mjs';
import { drive, renderRequest } from './collector/drive.mjs';
import { makeBodies } from './collector/events.mjs';
import { median, round, slope } from './support/figures.mjs';
import { makeTopics } from './support/kafka-topics.mjs';

const BATCH = 50;
const CONNECTIONS = 16;
const SAMPLES = 120;
/** Of the time; what comes before is the process' growing up. */
const WARM_UP = 1 / 6;

async function residentMb(pid) {
  return Number(await askPs('rss', pid)) / 1024;
}

/** User and system time that the process has used, seconds. */
async function cpuSeconds(pid) {
  const [seconds, minutes = 0, hours = 0, days = 0] = (await askPs('time', pid))
    .split(/[-:]/)
    .reverse()
    .map(Number);
  return seconds + 60 * (minutes + 60 * (hours + 24 * days));
}

async function askPs(what, pid) {
  const { stdout } = await promisify(execFile)('ps', ['-o', `${what}=`, '-p', String(pid)]);
  return stdout.trim();
}

/** Samples each process until the signal: `[seconds, MB]`. */
async function sample(processes, everyMs, signal) {
  const samples = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
  const begun = performance.now();
  while (!signal.aborted) {
    for (const [name, pid] of Object.entries(processes)) {
      samples[name].push([(performance.now() - begun) / 1000, await residentMb(pid)]);
    }
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
  return samples;
}

function rowOf(name, samples, seconds) {
  const settled = samples.filter(([at]) => at >= seconds * WARM_UP);
  const third = Math.ceil(settled.length / 3);
  const values = settled.map(([, mb]) => mb);
  return {
    process: name,
    'median MB': Math.round(median(values)),
    'most MB': Math.round(Math.max(...samples.map(([, mb]) => mb))),
    'first third MB': Math.round(median(values.slice(0, third))),
    'last third MB': Math.round(median(values.slice(-third))),
    'slope MB/h': round(slope(settled) * 3600),
    samples: samples.length,
  };
}

/** Measures for `minutes`, and returns `{ name, rows }` for the table and the file of results. */
export async function run({ minutes = 1 } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const ending = new AbortController();
  const [kafka, postgres, [port]] = await Promise.all([
    startKafka({ settings: { 'log.retention.check.interval.ms': '2000' } }),
    startPostgres(),
    freePorts(1),
  ]);
  let millrace;
  try {
    await makeTopics(kafka.brokers);
    millrace = await startMillrace({
      dataDir,
      args: ['--only', 'collector'],
      env: {
        ...process.env,
        PORT: String(port),
        MILLRACE_DATA: dataDir,
        KAFKA_BROKERS: kafka.brokers.join(','),
        DATABASE_URL: postgres.url,
        // A collector by itself never asks ClickHouse.
        CLICKHOUSE_URL: 'http://nobody:none@127.0.0.1:9',
      },
    });
    const { processes, supervisor } = JSON.parse(await readFile(join(dataDir, 'run.collector.json'), 'utf8'));
    const requests = makeBodies(200, BATCH, 2, millrace.writeKey).map(renderRequest);
    const ms = minutes * 60_000;
    const everyMs = Math.max(500, ms / SAMPLES);
    const sampling = sample({ server: processes.server, supervisor: supervisor.pid }, everyMs, ending.signal);
    const before = await cpuSeconds(processes.server);
    const latencies = await drive(port, requests, CONNECTIONS, ms);
    const events = latencies.length * BATCH;
    const serverCpu = (await cpuSeconds(processes.server)) - before;
    ending.abort();
    const samples = await sampling;
    return {
      name: 'memory',
      minutes,
      eventsPerSecond: Math.round(events / (ms / 1000)),
      serverCpuUsPerEvent: round((serverCpu * 1e6) / events),
      samples,
      rows: Object.entries(samples).map(([name, taken]) => rowOf(name, taken, ms / 1000)),
    };
  } finally {
    ending.abort();
    await millrace?.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.log(`${result.eventsPerSecond} events/s for ${result.minutes} min`);
  console.table(result.rows);
}
