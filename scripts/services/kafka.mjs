#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { freePorts } from '../../e2e/support/free-ports.mjs';
import { help } from '../lib/run.mjs';
import { ensureJars, KAFKA_VERSION } from './kafka-jars.mjs';
import { createKafkaNode } from './kafka-node.mjs';

const START_MS = 120_000;

/**
 * Starts a real Apache Kafka (KRaft, each node broker and controller) on free ports of loopback, in a folder
 * of its own, and resolves once the cluster answers as itself with every broker. Whatever becomes of this
 * process, the brokers end with it.
 *
 * `external: true` takes the cluster that KAFKA_BROKERS names, where it names one; that has no `nodes`.
 *
 * @param {import('./kafka.d.mts').KafkaOptions} [options]
 * @returns {Promise<import('./kafka.d.mts').RunningKafka>}
 */
export async function startKafka({
  brokers = 1,
  settings = {},
  log = 'WARN',
  external = false,
  client = {},
} = {}) {
  const given = process.env.KAFKA_BROKERS;
  if (external && given) return joinKafka(given.split(','));
  await ensureJars();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const ports = await freePorts(brokers * 2);
  const places = Array.from({ length: brokers }, (_, index) => ({
    port: ports[index * 2],
    controllerPort: ports[index * 2 + 1],
  }));
  const nodes = [];
  const guard = guardPids(folder, () => nodes.flatMap((node) => node.pid() ?? []));

  async function stop() {
    await Promise.all(nodes.map((node) => node.kill()));
    guard.end();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const created = places.map((_, index) => {
      const own = join(folder, `broker-${index + 1}`);
      mkdirSync(own);
      const shared = { nodes: places, clusterId, settings, logLevel: log, onPid: guard.update };
      return createKafkaNode({ id: index + 1, folder: own, ...shared });
    });
    nodes.push(...(await Promise.all(created)));
    for (const node of nodes) node.start();
    const addresses = nodes.map((node) => node.address);
    await awaitCluster({
      addresses,
      client,
      clusterId,
      brokers,
      alive: () => nodes.every((node) => node.pid()),
    });
    return {
      brokers: addresses,
      clusterId,
      folder,
      nodes,
      admin: () => patientAdmin(addresses, client),
      stop,
    };
  } catch (error) {
    const logs = nodes.map((node) => node.logFile).join(', ');
    await Promise.all(nodes.map((node) => node.kill()));
    guard.end();
    throw new Error(`Kafka did not start (${String(error)}); its logs: ${logs}`, { cause: error });
  }
}

/** The cluster that is there already. */
async function joinKafka(brokers) {
  const admin = adminOf(brokers);
  try {
    await admin.connect();
    const { clusterId } = await admin.describeCluster();
    return {
      brokers,
      clusterId,
      folder: undefined,
      nodes: [],
      admin: () => patientAdmin(brokers),
      stop: async () => {},
    };
  } finally {
    await admin.disconnect();
  }
}

function adminOf(brokers, client = {}) {
  return new Kafka({
    clientId: 'millrace-tests',
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
    ...client,
  }).admin();
}

/** For who looks into a cluster that may be short of a broker. */
const patientAdmin = (brokers, client = {}) =>
  adminOf(brokers, { ...client, retry: { retries: 8, initialRetryTime: 200 } });

/** Resolves once the listeners answer, are this cluster and no other, and see every broker. */
async function awaitCluster({ addresses, client, clusterId, brokers, alive }) {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (!alive()) throw new Error('a broker ended');
    const admin = adminOf(addresses, client);
    try {
      await admin.connect();
      const cluster = await admin.describeCluster();
      if (cluster.clusterId !== clusterId) {
        throw Object.assign(new Error(`${addresses[0]} is Kafka cluster ${cluster.clusterId}`), {
          isStranger: true,
        });
      }
      if (cluster.brokers.length === brokers) return;
      if (Date.now() > deadline) throw new Error(`${cluster.brokers.length} of ${brokers} brokers are there`);
    } catch (error) {
      if (error.isStranger || Date.now() > deadline) throw error;
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A process that outlives this one by a moment: when this one ends, however it does, its end of the pipe
 * closes, and the brokers whose pids stand in the file are killed and the folder is removed.
 */
function guardPids(folder, pids) {
  const file = join(folder, 'pids');
  writeFileSync(file, '');
  const script = 'trap "" INT TERM HUP; cat >/dev/null; kill -9 $(cat "$0/pids") 2>/dev/null; rm -rf "$0"';
  const guard = spawn('/bin/sh', ['-c', script, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.on('error', () => {});
  // The pipe alone must not keep this process alive.
  guard.stdin.unref?.();
  return {
    update: () => writeFileSync(file, pids().join(' ')),
    /** Ends the guard, and leaves the folder to whoever calls. */
    end() {
      // Its group, for the shell's `cat` belongs to it.
      if (guard.pid) process.kill(-guard.pid, 'SIGKILL');
    },
  };
}

async function main() {
  help(`
node scripts/services/kafka.mjs [--brokers 1|3]

Starts a real Apache Kafka ${KAFKA_VERSION} (KRaft) on free ports of this machine with its Java, from Maven Central
(cached in .cache/kafka), prints what to set KAFKA_BROKERS to, and runs until it is interrupted.
`);
  const index = process.argv.indexOf('--brokers');
  const brokers = index < 0 ? 1 : Number(process.argv[index + 1]);
  if (![1, 3].includes(brokers)) {
    console.error('--brokers: expected 1 or 3');
    process.exit(2);
  }
  const kafka = await startKafka({ brokers });
  console.log(`KAFKA_BROKERS=${kafka.brokers.join(',')}`);
  console.log(`cluster ${kafka.clusterId}; logs in ${kafka.folder}; Ctrl-C ends it`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void kafka.stop().then(() => process.exit(0)));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
