import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { Kafka, logLevel } from 'kafkajs';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { createRandom } from '../../log/spool/testing/random.ts';
import { countsOf, exactly } from '../testing/loader-on-engine.ts';
import { RECEIVED_AT, type TestRecord } from '../testing/make-record.ts';
import { createTestProducer, createTopics } from './testing/kafka-events.ts';

const KILLS = Number(process.env.MILLRACE_KILLS ?? 8);
const SEED = Number(process.env.MILLRACE_SEED ?? Date.now() % 1_000_000);
const PER_ROUND = 150;

let broker: RunningKafka;
let engine: TestEngine;
let work: string;

beforeAll(async () => {
  // Within the package, so that the loader finds what the package depends on.
  work = await mkdtemp(fileURLToPath(new URL('../../../node_modules/.kill-', import.meta.url)));
  const entry = fileURLToPath(new URL('./testing/load-until-killed.ts', import.meta.url));
  [broker, engine] = await Promise.all([
    startKafka({ settings: { 'group.min.session.timeout.ms': 500 } }),
    startTestEngine(),
    build({
      entry: [entry],
      outDir: work,
      format: 'esm',
      target: 'node20',
      config: false,
      silent: true,
      external: ['kafkajs', '@millrace/warehouse-schema'],
      noExternal: ['@millrace/core', '@millrace/definitions'],
      esbuildOptions(options) {
        options.conditions = ['@millrace/source'];
      },
      outExtension: () => ({ js: '.mjs' }),
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([broker?.stop(), engine?.close()]);
  await rm(work, { recursive: true, force: true });
});

const loaders = new Set<ChildProcess>();
const crashes: number[] = [];

function startLoader(): ChildProcess {
  const { url, adminPassword: password } = engine;
  const settings = {
    brokers: broker.brokers,
    url,
    username: 'millrace_admin',
    password,
    groupId: 'kill',
    rows: 40,
  };
  const child = spawn(process.execPath, [join(work, 'load-until-killed.mjs')], {
    env: { ...process.env, TEST_LOADER: JSON.stringify(settings) },
    stdio: ['ignore', process.env.MILLRACE_VERBOSE ? 'inherit' : 'ignore', 'inherit'],
  });
  loaders.add(child);
  // Only a loader that ends by itself has a code.
  child.once('exit', (code) => {
    if (code !== null) crashes.push(code);
  });
  return child;
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child) return;
  loaders.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function round(number: number): TestRecord[] {
  return Array.from({ length: PER_ROUND }, (_, record) => ({
    projectId: 900,
    receivedAt: RECEIVED_AT + number * 1000 + record,
    events: ['a', 'b', 'c'].map((name, index) => {
      const timestamp = RECEIVED_AT - index * 31 * 86_400_000;
      return { id: `${number}-${record}-${name}`, row: { timestamp } };
    }),
  }));
}

describe('loaders that are killed', () => {
  it(`load every event once, though each comes twice (MILLRACE_SEED=${SEED})`, async () => {
    const random = createRandom(SEED);
    const kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
    await createTopics(kafka);
    const producer = await createTestProducer(kafka);
    try {
      startLoader();
      startLoader();
      for (let number = 0; number < KILLS; number++) {
        await producer.send(round(number));
        await setTimeout(random() * 2500);
        const [first, second] = loaders;
        // Now and then a loader sleeps through the time in which its partitions are given away.
        const sleeper = random() < 0.3 ? second : undefined;
        sleeper?.kill('SIGSTOP');
        await producer.send(round(number));
        await kill(first);
        startLoader();
        if (sleeper) await setTimeout(2500);
        sleeper?.kill('SIGCONT');
        expect(crashes).toEqual([]);
      }
      await expect
        .poll(() => countsOf(engine.admin, 900), { timeout: 90_000, interval: 250 })
        .toEqual(exactly(KILLS * PER_ROUND * 3));
    } finally {
      for (const child of loaders) await kill(child);
      await producer.close();
    }
  }, 240_000);
});
