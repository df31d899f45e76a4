import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreSnapshot, takeSnapshot } from '../snapshot/snapshot.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import type { TestDatabase } from './describe-store.ts';

/** For tests: what the stored cohorts promise over any PostgreSQL; `open` gives an empty one. */
export function describeCohorts(name: string, open: () => Promise<TestDatabase>): void {
  describe(`stored cohorts over ${name}`, () => {
    let database: TestDatabase;
    let store: DefinitionsStore;
    let projectId: number;

    beforeEach(async () => {
      database = await open();
      store = createDefinitionsStore(database);
      await store.migrate();
      ({ projectId } = await store.ensureProject('shop'));
    });
    afterEach(async () => {
      await store.close();
      await database.close();
    });

    const buyers = { did: { event: 'bought ü😀 \'"\\' } };
    const save = (definition: object | null, parts: object = {}) =>
      store.cohorts.save({ projectId, name: 'buyers', definition, author: 'Ada', ...parts });

    it('numbers the versions of each, keeps who saved what, and saves nothing twice', async () => {
      const before = await store.version();
      expect(await save(buyers, { note: 'first' })).toEqual({ version: 1 });
      expect(await save({ ...buyers }, { author: 'Bob' })).toEqual({ version: 1 });
      expect(await save({ not: buyers }, { ifVersion: 1 })).toEqual({ version: 2 });
      expect(await store.version()).toBeGreaterThan(before);
      await save(buyers, { name: 'others' });
      const other = await store.ensureProject('other');
      await save(buyers, { projectId: other.projectId });

      expect(await store.cohorts.read({ projectId, name: 'buyers' })).toMatchObject({
        version: 2,
        definition: { not: buyers },
        author: 'Ada',
      });
      expect(await store.cohorts.read({ projectId, name: 'buyers', version: 1 })).toMatchObject({
        definition: buyers,
        note: 'first',
        createdAt: expect.any(Date),
      });
      const listed = await store.cohorts.list(projectId);
      expect(listed.map((one) => [one.name, one.version])).toEqual([
        ['buyers', 2],
        ['others', 1],
      ]);
    });

    it('is gone once deleted, with its history, and may come again', async () => {
      expect(await save(null)).toEqual({ version: 0 });
      await save(buyers);
      expect(await save(null, { ifVersion: 1 })).toEqual({ version: 2 });
      expect(await save(null)).toEqual({ version: 2 });
      expect(await store.cohorts.read({ projectId, name: 'buyers' })).toBeUndefined();
      expect(await store.cohorts.list(projectId)).toEqual([]);
      expect(await save(buyers)).toEqual({ version: 3 });
      const history = await store.cohorts.history({ projectId, name: 'buyers' });
      expect(history.map(({ version, definition }) => [version, definition])).toEqual([
        [3, buyers],
        [2, null],
        [1, buyers],
      ]);
    });

    it('of many saves at once with the same version one counts', async () => {
      await save(buyers);
      const saves = Array.from({ length: 8 }, (_, n) =>
        save({ did: { event: `event ${n}` } }, { ifVersion: 1 }).then(
          () => 'saved',
          (error: { code: string }) => error.code,
        ),
      );
      const outcomes = await Promise.all(saves);
      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'stale_version')).toHaveLength(7);
    });

    it('refuses what cannot be saved, and says why', async () => {
      for (const [parts, code] of [
        [{ name: 'Buyers' }, 'invalid_field'],
        [{ name: '' }, 'invalid_field'],
        [{ author: ' ' }, 'invalid_field'],
        [{ note: '\0' }, 'invalid_field'],
        [{ projectId: 99 }, 'unknown_project'],
        [{ ifVersion: 3 }, 'stale_version'],
      ] as const) {
        await expect(save(buyers, parts), JSON.stringify(parts)).rejects.toMatchObject({ code });
      }
      expect(await store.cohorts.list(projectId)).toEqual([]);
    });

    it('is in the copy of all definitions, and comes back from it', async () => {
      await save(buyers);
      await save(null);
      await save({ not: buyers });
      const client = new pg.Client(database);
      await client.connect();
      try {
        const snapshot = await takeSnapshot(client);
        const history = await store.cohorts.history({ projectId, name: 'buyers' });
        await client.query('DELETE FROM cohorts');
        await restoreSnapshot(client, snapshot);
        expect(await store.cohorts.history({ projectId, name: 'buyers' })).toEqual(history);
      } finally {
        await client.end();
      }
    });
  });
}
