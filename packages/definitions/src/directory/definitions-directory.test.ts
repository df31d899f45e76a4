import { setTimeout as delay } from 'node:timers/promises';
import type { Definitions } from '@millrace/core/evaluation';
import { afterEach, expect, it } from 'vitest';
import type { CurrentDefinitions, CurrentDocument } from '../history/stored-definitions.ts';
import {
  createDefinitionsDirectory,
  type DefinitionsChange,
  type DefinitionsDirectory,
} from './definitions-directory.ts';

let directory: DefinitionsDirectory | undefined;

afterEach(async () => {
  await directory?.close();
});

function document(version: number, projectId = 1, environment = 'production'): CurrentDocument {
  const definitions: Definitions = { format: 1, version, environment, flags: {}, experiments: {} };
  return { projectId, environment, version, document: definitions };
}

/** A database of documents that can be away, and counts how often all of them are read. */
function fakeStore(...documents: CurrentDocument[]) {
  const store = {
    newest: { version: 1, documents } as CurrentDefinitions,
    away: false,
    reads: 0,
    async version() {
      if (store.away) throw new Error('connection refused');
      return store.newest.version;
    },
    async currentDefinitions() {
      store.reads += 1;
      if (store.away) throw new Error('connection refused');
      // As of a database: another object each time.
      return structuredClone(store.newest);
    },
    set(...next: CurrentDocument[]) {
      store.newest = { version: store.newest.version + 1, documents: next };
    },
  };
  return store;
}

async function open(store: ReturnType<typeof fakeStore>, options: { refreshMs?: number } = {}) {
  directory = createDefinitionsDirectory({ store, refreshMs: 60_000, ...options });
  await directory.ready;
  return directory;
}

it('has the newest document of each project and environment', async () => {
  const { current } = await open(fakeStore(document(3), document(5, 2), document(9, 1, 'staging')));
  expect(current(1, 'production')?.version).toBe(3);
  expect(current(2, 'production')?.version).toBe(5);
  expect(current(1, 'staging')?.version).toBe(9);
  expect(current(2, 'staging')).toBeUndefined();
});

it('follows the database, tells of what changed and of nothing else, and keeps the rest as the same object', async () => {
  const store = fakeStore(document(3), document(5, 2), document(1, 1, 'old'));
  const { current, subscribe, refresh } = await open(store);
  const changes: DefinitionsChange[] = [];
  const seen: (number | undefined)[] = [];
  const unsubscribe = subscribe((change) => {
    changes.push(change);
    seen.push(current(1, 'production')?.version);
  });
  const other = current(2, 'production');
  store.set(document(4), document(5, 2), document(1, 1, 'staging'));
  await refresh();
  expect(changes).toEqual([
    { projectId: 1, environment: 'production', version: 4 },
    { projectId: 1, environment: 'staging', version: 1 },
    { projectId: 1, environment: 'old', version: 0 },
  ]);
  expect(seen).toEqual([4, 4, 4]);
  expect(current(2, 'production')).toBe(other);
  unsubscribe();
  store.set(document(5));
  await refresh();
  expect(changes).toHaveLength(3);
});

it('sees a change by itself, and reads nothing while there is none', async () => {
  const store = fakeStore(document(3));
  const { current, refresh } = await open(store, { refreshMs: 5 });
  await refresh();
  await refresh();
  expect(store.reads).toBe(1);
  store.set(document(4));
  while (current(1, 'production')?.version !== 4) await delay(1);
});

it('looks again for those who miss something, at most once a second for all of them', async () => {
  let now = 0;
  const store = fakeStore();
  directory = createDefinitionsDirectory({ store, refreshMs: 60_000, clock: () => now });
  await directory.ready;
  store.set(document(1));
  await Promise.all([directory.lookAgain(), directory.lookAgain()]);
  expect(directory.current(1, 'production')?.version).toBe(1);
  store.set(document(2));
  await directory.lookAgain();
  expect(directory.current(1, 'production')?.version).toBe(1);
  now += 1_000;
  await directory.lookAgain();
  expect(directory.current(1, 'production')?.version).toBe(2);
});

it('starts from the snapshot while the database is away, and follows it once it is back', async () => {
  const store = fakeStore(document(4));
  store.away = true;
  directory = createDefinitionsDirectory({
    store,
    refreshMs: 60_000,
    readSnapshot: async () => ({ version: 1, documents: [document(3)] }),
  });
  await directory.ready;
  expect(directory.current(1, 'production')?.version).toBe(3);
  await directory.refresh();
  expect(directory.status()).toMatchObject({ source: 'snapshot', error: 'connection refused' });
  store.away = false;
  await directory.refresh();
  expect(directory.current(1, 'production')?.version).toBe(4);
  expect(directory.status().awaySince).toBeUndefined();
});

it('never says that there is nothing when nothing could be read', async () => {
  const store = fakeStore();
  store.away = true;
  const { current } = await open(store);
  expect(() => current(1, 'production')).toThrow(expect.objectContaining({ code: 'unavailable' }));
});

it('keeps what it has while the database is away', async () => {
  const store = fakeStore(document(3));
  const { current, refresh } = await open(store);
  store.away = true;
  await refresh();
  expect(current(1, 'production')?.version).toBe(3);
});
