import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { createKafkaLog } from '../../log/kafka/kafka-log.ts';
import { createSpool } from '../../log/spool/spool.ts';
import { createSpoolReader } from '../../log/spool/spool-reader.ts';
import { silentLogger } from '../../logger.ts';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import { createLoader } from '../create-loader.ts';
import type { Loader } from '../loader-options.ts';
import { countsOf, exactly } from '../testing/loader-on-engine.ts';
import { makeRecord } from '../testing/make-record.ts';
import { createKafkaLoader } from './create-kafka-loader.ts';
import { loadSpoolFirst } from './load-spool-first.ts';

const projectId = 900;
let broker: RunningKafka;
let engine: TestEngine;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-switch-'));
  [broker, engine] = await Promise.all([startKafka(), startTestEngine()]);
});
afterAll(async () => {
  await Promise.all([broker?.stop(), engine?.close()]);
  await rm(folder, { recursive: true, force: true });
});

function spoolLoader(): Loader {
  return createLoader({
    reader: createSpoolReader({ folder: join(folder, 'spool') }),
    warehouse: createClickHouseWarehouse(engine.admin),
    stateDir: join(folder, 'loader'),
    limits: { ageMs: 0 },
    logger: silentLogger,
  });
}

async function run(loader: Loader, until: () => Promise<unknown>): Promise<void> {
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  await until();
  ending.abort();
  await running;
}

/** Made long ago, made just now, and without a word of when. */
const batch = (name: string) => {
  const events = Array.from({ length: 60 }, (_, n) => {
    const madeAt = [Date.now() - 3_600_000, Date.now(), null][n % 3] ?? null;
    return { id: `${name}-${n}`, madeAt };
  });
  return makeRecord({ projectId, receivedAt: Date.now(), events });
};

it('what the spool still holds is loaded, and an id of before that comes again over Kafka is dropped', async () => {
  const loaded = batch('loaded');
  const left = batch('left');
  const spool = await createSpool({ folder: join(folder, 'spool'), reserveBytes: 0 });
  await spool.append(loaded);
  const before = spoolLoader();
  await run(before, () => expect.poll(() => before.drain()).toBe(true));
  await spool.append(left);
  await spool.close();

  const connection = { brokers: broker.brokers };
  const log = createKafkaLog({ connection, createTopics: { partitions: 3 }, retries: 5 });
  const again = (record: typeof loaded) => ({ ...record, meta: { ...record.meta, receivedAt: Date.now() } });
  for (const record of [again(left), again(loaded), batch('new')]) await log.append(record);
  await log.close();

  const start = () =>
    loadSpoolFirst(
      spoolLoader(),
      createKafkaLoader({ connection, client: engine.admin, limits: { ageMs: 20 }, logger: silentLogger }),
      silentLogger,
    );
  const loader = start();
  await run(loader, async () => {
    await expect
      .poll(() => countsOf(engine.admin, projectId), { timeout: 60_000, interval: 100 })
      .toEqual(exactly(180));
    // A send that a slow broker did not answer was made again.
    await expect
      .poll(() => loader.status().totals.duplicatesRefused, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(120);
  });
  // A spool that is loaded stands in nobody's way.
  const next = start();
  await run(next, () => expect.poll(() => next.drain(), { timeout: 30_000 }).toBe(true));
  expect(await countsOf(engine.admin, projectId)).toEqual(exactly(180));
});
