import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeSnapshot } from '../snapshot/snapshot.ts';
import { writeSnapshotFile } from '../snapshot/snapshot-file.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import { followSuppressions } from '../suppressions/follow-suppressions.ts';
import { readSnapshotSuppressions } from '../suppressions/snapshot-suppressions.ts';
import type { TestDatabase } from './describe-store.ts';

/** For tests: what the suppressed ids promise over any PostgreSQL; `open` gives an empty one. */
export function describeSuppressions(name: string, open: () => Promise<TestDatabase>): void {
  describe(`suppressed ids over ${name}`, () => {
    let database: TestDatabase;
    let store: DefinitionsStore;
    beforeEach(async () => {
      database = await open();
      store = createDefinitionsStore(database);
      await store.migrate();
    });
    afterEach(async () => {
      await store.close();
      await database.close();
    });

    const id = (n: number, until = 1_763_000_000_000) => {
      return { projectId: 1, salt: 'salt', hash: String(n).padStart(32, '0'), until };
    };

    it('are there once, with the latest time, and only ever more', async () => {
      await store.suppressions.add([id(1), id(2), id(1, 1_763_000_000_005)]);
      await store.suppressions.add([id(1, 5)]);
      const { ids } = await store.suppressions.list();
      expect(ids.sort((a, b) => (a.hash < b.hash ? -1 : 1))).toEqual([id(1, 1_763_000_000_005), id(2)]);
      await expect(store.suppressions.add([{ ...id(3), hash: 'ada' }])).rejects.toThrow();
    });

    it('are followed, and in the copy of all definitions', async () => {
      const seen: number[] = [];
      let told = () => {};
      const follower = followSuppressions({
        store,
        refreshMs: 5,
        adopt(ids) {
          seen.push(ids.length);
          told();
        },
      });
      await follower.ready;
      const next = new Promise<void>((resolve) => {
        told = resolve;
      });
      await store.suppressions.add([id(1)]);
      await next;
      await follower.close();
      expect(seen).toEqual([0, 1]);

      const folder = await mkdtemp(join(tmpdir(), 'suppressions-'));
      const client = new pg.Client(database);
      await client.connect();
      try {
        const file = join(folder, 'snapshot.json');
        expect(await readSnapshotSuppressions(file)).toBeUndefined();
        await writeSnapshotFile(file, await takeSnapshot(client));
        expect((await readSnapshotSuppressions(file))?.ids).toEqual([id(1)]);
      } finally {
        await client.end();
        await rm(folder, { recursive: true });
      }
    });
  });
}
