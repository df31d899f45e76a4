import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { ActiveKeys } from '../store/definitions-store.ts';
import { createKeyDirectory, type KeyDirectory } from './key-directory.ts';

const client = { kind: 'client' as const, loopbackOnly: false };
const demo = { ...client, writeKey: 'wk_demo', projectId: 1, retentionDays: 730, loopbackOnly: true };
const web = { ...client, writeKey: 'wk_web', projectId: 2, retentionDays: 30 };

let directory: KeyDirectory | undefined;

afterEach(async () => {
  await directory?.close();
});

/** A database of keys that can be away, and counts how often it is asked. */
function fakeStore(keys: ActiveKeys['keys']) {
  const store = {
    active: { version: 1, keys },
    away: false,
    looks: 0,
    async version() {
      store.looks += 1;
      if (store.away) throw new Error('connection refused');
      return store.active.version;
    },
    async activeKeys() {
      store.looks += 1;
      if (store.away) throw new Error('connection refused');
      return store.active;
    },
    set(next: ActiveKeys['keys']) {
      store.active = { version: store.active.version + 1, keys: next };
    },
  };
  return store;
}

it('answers a known key from memory, without a promise', async () => {
  const store = fakeStore([web]);
  directory = createKeyDirectory({ store, loopback: true, refreshMs: 60_000 });
  await directory.ready;
  const looks = store.looks;
  expect(directory.lookup('wk_web')).toEqual({ projectId: 2, retentionDays: 30, kind: 'client' });
  expect(store.looks).toBe(looks);
});

it('refuses a loopback-only key beyond loopback', async () => {
  directory = createKeyDirectory({ store: fakeStore([demo, web]), loopback: false, refreshMs: 60_000 });
  await directory.ready;
  expect(await directory.lookup('wk_demo')).toBeUndefined();
  expect(await directory.lookup('wk_web')).toBeDefined();
});

it('follows the database: a revoked key is refused after the next refresh', async () => {
  const store = fakeStore([web]);
  directory = createKeyDirectory({ store, loopback: true, refreshMs: 5 });
  await directory.ready;
  store.set([]);
  while (await directory.lookup('wk_web')) await delay(1);
});

it('looks up an unknown key at once, but at most once a second however many ask', async () => {
  let now = 0;
  const store = fakeStore([]);
  directory = createKeyDirectory({ store, loopback: true, refreshMs: 60_000, clock: () => now });
  await directory.ready;
  store.set([web]);
  expect(await directory.lookup('wk_web')).toBeDefined();
  const looks = store.looks;
  await Promise.all(Array.from({ length: 100 }, (_, i) => directory?.lookup(`wk_bogus${i}`)));
  expect(store.looks).toBe(looks);
  now += 1_000;
  await Promise.all(Array.from({ length: 100 }, (_, i) => directory?.lookup(`wk_bogus${i}`)));
  expect(store.looks).toBe(looks + 1);
});

it('starts from the snapshot when the database is away, and tells clients with other keys to retry', async () => {
  const store = fakeStore([web]);
  store.away = true;
  directory = createKeyDirectory({
    store,
    loopback: true,
    refreshMs: 60_000,
    readSnapshot: async () => ({ version: 1, keys: [web] }),
  });
  await directory.ready;
  expect(directory.lookup('wk_web')).toBeDefined();
  await expect(directory.lookup('wk_new')).rejects.toMatchObject({ code: 'unavailable' });
  expect(directory.status()).toMatchObject({ source: 'snapshot', keys: 1, error: 'connection refused' });
});

it('never calls a key unknown when nothing could be read at all', async () => {
  const store = fakeStore([web]);
  store.away = true;
  directory = createKeyDirectory({ store, loopback: true, refreshMs: 60_000, missMs: 0 });
  await directory.ready;
  await expect(directory.lookup('wk_web')).rejects.toMatchObject({ code: 'unavailable' });
  store.away = false;
  expect(await directory.lookup('wk_web')).toBeDefined();
  expect(directory.status().awaySince).toBeUndefined();
});

it('keeps accepting known keys while the database is away', async () => {
  const store = fakeStore([web]);
  directory = createKeyDirectory({ store, loopback: true, refreshMs: 2 });
  await directory.ready;
  store.away = true;
  while (directory.status().awaySince === undefined) await delay(1);
  expect(await directory.lookup('wk_web')).toBeDefined();
});
