import { createWarehouseClient, type WarehouseClient } from '@millrace/warehouse-schema';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import type { InsertAttempt, LoaderWarehouse } from '../loader-warehouse.ts';
import { countsOf, exactly } from '../testing/loader-on-engine.ts';
import { makeRecord } from '../testing/make-record.ts';
import { shareWarehouse } from './shared-warehouse.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await engine?.close();
});

/** A moment at which a loader is put to sleep, until it is woken. */
function sleep() {
  let [fall, wake] = [() => {}, () => {}];
  const asleep = new Promise<void>((resolve) => {
    fall = resolve;
  });
  const awake = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const here = async () => {
    fall();
    await awake;
  };
  return { asleep, here, wake };
}

const signal = new AbortController().signal;
const clients: WarehouseClient[] = [];

/** Each has connections of its own, as a process has. */
function share(warehouse: Partial<LoaderWarehouse> = {}): LoaderWarehouse {
  const { url, adminPassword: password } = engine;
  const client = createWarehouseClient({ url, username: 'millrace_admin', password });
  clients.push(client);
  return shareWarehouse({
    warehouse: { ...createClickHouseWarehouse(client), ...warehouse },
    client,
    inserts: 4,
    signal,
  });
}

const insertWith = (
  change: (options: InsertAttempt) => Partial<InsertAttempt>,
): LoaderWarehouse['insert'] => {
  const { insert } = createClickHouseWarehouse(engine.admin);
  return (table, rows, options) => insert(table, rows, { ...options, ...change(options) });
};

const rowOf = (projectId: number) => {
  const line = makeRecord({ projectId, events: [{ id: 'a' }] }).rows.toString();
  return Buffer.from(line.replace('{', `{"log_id":"kafka:t:${projectId}","log_offset":1,"log_index":0,`));
};
const attempt = (projectId: number) => {
  return { token: `t${projectId}`, queryId: `millrace-loader:kafka:t:${projectId}:q` };
};
const range = { start: { logId: 'kafka:t:1', offset: 0 }, end: 9 };

it('a comparison waits for a loader that sleeps between its look and its rows', async () => {
  const { asleep, here, wake } = sleep();
  const sleeper = share({
    insert: insertWith(({ permit }) => ({
      permit: async () => {
        await permit?.();
        await here();
      },
    })),
  });
  const inserting = sleeper.insert('events', rowOf(1), attempt(1));
  await asleep;
  let begun = false;
  const comparing = share({
    compareDerived: async () => {
      begun = true;
      expect(await countsOf(engine.admin, 1)).toEqual(exactly(1));
      return [];
    },
  }).compareDerived(range);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(begun).toBe(false);
  wake();
  await inserting;
  expect(await comparing).toEqual([]);
});

it('a loader that sleeps before its look inserts nothing into a comparison, and does so after it', async () => {
  const { asleep, here, wake } = sleep();
  const comparison = sleep();
  const sleeper = share({
    insert: insertWith(({ permit }) => ({
      permit: async () => {
        await here();
        await permit?.();
      },
    })),
  });
  const inserting = sleeper.insert('events', rowOf(2), attempt(2));
  await asleep;
  const comparing = share({
    insertsRunning: async () => 0,
    compareDerived: async () => {
      await comparison.here();
      return [];
    },
  }).compareDerived(range);
  await comparison.asleep;
  wake();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await countsOf(engine.admin, 2)).events).toBe(0);
  comparison.wake();
  await Promise.all([comparing, inserting]);
  expect(await countsOf(engine.admin, 2)).toEqual(exactly(1));
});

it('four loaders that insert while others compare are all through, each row once', async () => {
  const loaders = Array.from({ length: 4 }, () => share());
  const projects = Array.from({ length: 40 }, (_, n) => 100 + n);
  await Promise.all([
    ...projects.map((project, n) => loaders[n % 4]?.insert('events', rowOf(project), attempt(project))),
    loaders[0]?.compareDerived(range),
    loaders[1]?.compareDerived(range),
  ]);
  for (const project of projects) expect(await countsOf(engine.admin, project)).toEqual(exactly(1));
}, 60_000);
