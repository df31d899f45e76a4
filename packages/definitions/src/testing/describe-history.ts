import type { Definitions, Experiment, Phase } from '@millrace/core/evaluation';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import type { TestDatabase } from './describe-store.ts';

const HALVES = [
  { start: 0, end: 5000, variant: 'control' },
  { start: 5000, end: 10_000, variant: 'new' },
];

function phase(number: number, parts: Partial<Phase> = {}): Phase {
  const traffic = { start: 0, end: 1000 };
  return {
    number,
    trafficSalt: `t${number}`,
    variantSalt: `v${number}`,
    traffic,
    variants: HALVES,
    ...parts,
  };
}

function withExperiment(phases: Phase[], parts: Partial<Experiment> = {}): Definitions {
  const experiments = { checkout: { bucketingVersion: 1, enabled: true, phases, ...parts } };
  return { format: 1, version: 0, flags: {}, experiments };
}

const EMPTY: Definitions = { format: 1, version: 0, flags: {}, experiments: {} };

/** For tests: what the history of documents promises over any PostgreSQL; `open` gives an empty one. */
export function describeHistory(name: string, open: () => Promise<TestDatabase>): void {
  describe(`definitions documents over ${name}`, () => {
    let database: TestDatabase;
    let store: DefinitionsStore;
    let client: pg.Client;
    let projectId: number;

    beforeEach(async () => {
      database = await open();
      store = createDefinitionsStore(database);
      await store.migrate();
      client = new pg.Client(database);
      await client.connect();
      ({ projectId } = await store.ensureProject('shop'));
    });

    afterEach(async () => {
      await client.end();
      await store.close();
      await database.close();
    });

    const save = (document: unknown, parts: { environment?: string; ifVersion?: number } = {}) =>
      store.saveDefinitions({ projectId, environment: 'production', document, author: 'Ada', ...parts });
    const phases = async () =>
      (
        await client.query(`SELECT e.environment, e.key, e.enabled, e.archived_at IS NOT NULL AS archived, p.number,
          p.unit_type, p.traffic_salt, p.traffic_start, p.traffic_end, p.started_at, p.ended_at,
          (SELECT string_agg(v.key || ' ' || v.range_start || '-' || v.range_end, ', ' ORDER BY v.range_start)
           FROM variants v WHERE v.phase_id = p.phase_id) AS variants
          FROM experiments e JOIN phases p USING (experiment_id) ORDER BY e.environment, e.key, p.number`)
      ).rows;

    it('numbers the versions of each environment from 1 and keeps who saved what, when and why', async () => {
      const before = Date.now();
      const document = { ...EMPTY, version: 77, environment: 'somewhere', segments: { 'größe-😀': {} } };
      await expect(save(document)).rejects.toMatchObject({ code: 'invalid_definitions' });
      const text = { attribute: 'Größe', op: 'equals' as const, value: '😀 "\\' };
      expect(await save({ ...EMPTY, version: 77, environment: 'x', segments: { text } })).toEqual({
        version: 1,
      });
      await store.saveDefinitions({
        projectId,
        environment: 'production',
        document: EMPTY,
        author: 'Bob',
        note: 'none',
      });
      expect(await save(EMPTY, { environment: 'staging' })).toEqual({ version: 1 });

      const place = { projectId, environment: 'production' };
      const history = await store.listDefinitions(place);
      expect(history).toMatchObject([
        { version: 2, author: 'Bob', note: 'none' },
        { version: 1, author: 'Ada', note: '' },
      ]);
      expect(history[0]?.createdAt.getTime()).toBeGreaterThan(before - 60_000);
      expect((await store.readDefinitions(place))?.document).toEqual({
        ...EMPTY,
        version: 2,
        environment: 'production',
      });
      const first = await store.readDefinitions({ ...place, version: 1 });
      expect(first).toMatchObject({
        author: 'Ada',
        document: { version: 1, environment: 'production', segments: { text } },
      });
      expect(await store.readDefinitions({ ...place, version: 3 })).toBeUndefined();
      expect(await store.readDefinitions({ ...place, environment: 'nowhere' })).toBeUndefined();
      expect(await store.currentDefinitions()).toMatchObject({
        version: await store.version(),
        documents: [
          { projectId, environment: 'production', version: 2, document: { version: 2 } },
          { projectId, environment: 'staging', version: 1, document: { version: 1 } },
        ],
      });
    });

    it('changes nothing where the same is saved again, where another version counts, or where something is wrong', async () => {
      await save(withExperiment([phase(1)]));
      const version = await store.version();
      expect(await save(withExperiment([phase(1)]))).toEqual({ version: 1 });
      await expect(save(EMPTY, { ifVersion: 0 })).rejects.toMatchObject({
        code: 'stale_version',
        message: expect.stringContaining('version 1'),
      });
      await expect(save(withExperiment([phase(1), phase(2, { variantSalt: 't2' })]))).rejects.toMatchObject({
        problems: [{ path: '/experiments/checkout/phases/1/variantSalt' }],
      });
      await expect(save({ ...EMPTY, remote: ['x'] })).rejects.toMatchObject({
        problems: [{ path: '/remote' }],
      });
      await expect(save(EMPTY, { environment: 'No' })).rejects.toMatchObject({ code: 'invalid_field' });
      const other = { environment: 'production', document: EMPTY };
      await expect(store.saveDefinitions({ ...other, projectId, author: ' ' })).rejects.toMatchObject({
        code: 'invalid_field',
        message: expect.stringContaining('author'),
      });
      await expect(store.saveDefinitions({ ...other, projectId: 99, author: 'Ada' })).rejects.toMatchObject({
        code: 'unknown_project',
      });
      expect(await store.version()).toBe(version);
      expect(await save(EMPTY, { ifVersion: 1 })).toEqual({ version: 2 });
    });

    it('gives one of many who save over the same version the next one, and refuses the others', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          save({ ...EMPTY, layers: { [`l${i}`]: { salt: 's' } } }, { ifVersion: 0 }),
        ),
      );
      const done = results.filter(({ status }) => status === 'fulfilled');
      expect(done).toMatchObject([{ value: { version: 1 } }]);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'stale_version' });
      }
    });

    it('makes the rows that ClickHouse reads: salts and unit type by phase, the widest traffic, start and end', async () => {
      const ramp = [{ at: '2100-01-01', end: 6000 }];
      await save(withExperiment([phase(1, { startsAt: '2026-01-01' })], { unitType: 'userId' }));
      await save(
        withExperiment([phase(1, { startsAt: '2026-01-01', traffic: { start: 0, end: 200, ramp } })], {
          unitType: 'userId',
        }),
      );
      expect(await phases()).toMatchObject([
        {
          environment: 'production',
          key: 'checkout',
          number: 1,
          unit_type: 'userId',
          traffic_salt: 't1',
          traffic_start: 0,
          traffic_end: 6000,
          started_at: new Date('2026-01-01'),
          ended_at: null,
          variants: 'control 0-5000, new 5000-10000',
        },
      ]);
      await save(
        withExperiment([
          phase(2, { startsAt: '2026-02-01', endsAt: '2100-01-01' }),
          phase(3, { startsAt: '2100-01-01' }),
        ]),
      );
      expect(await phases()).toMatchObject([
        { number: 1, unit_type: 'userId', traffic_end: 6000, ended_at: expect.any(Date) },
        { number: 2, unit_type: 'anonymousId', traffic_salt: 't2', ended_at: new Date('2100-01-01') },
        { number: 3, started_at: new Date('2100-01-01'), ended_at: null },
      ]);
      await save(EMPTY);
      expect(await phases()).toMatchObject([
        { number: 1, archived: true, enabled: false },
        { number: 2, archived: true, ended_at: expect.any(Date) },
      ]);
      await save(withExperiment([phase(2, { startsAt: '2026-02-01' })]), { environment: 'staging' });
      expect((await phases()).filter((row) => row.environment === 'staging')).toHaveLength(1);
    });

    it('refuses another draw in a phase that has begun, also after it was taken out, and allows a ramp and a new phase', async () => {
      await save(withExperiment([phase(1)]));
      const others = [
        { path: '/experiments/checkout/phases/0/variantSalt', phase: { variantSalt: 'x' } },
        { path: '/experiments/checkout/phases/0/trafficSalt', phase: { trafficSalt: 'x' } },
        {
          path: '/experiments/checkout/phases/0/variants',
          phase: { variants: [{ start: 0, end: 5001, variant: 'control' }] },
        },
      ];
      const refused = async () => {
        for (const { path, phase: parts } of others) {
          await expect(save(withExperiment([phase(1, parts)]))).rejects.toMatchObject({
            problems: [{ path, message: expect.stringContaining('phase 1 has begun') }],
          });
        }
        await expect(save(withExperiment([phase(1)], { unitType: 'userId' }))).rejects.toMatchObject({
          problems: [{ path: '/experiments/checkout/unitType' }],
        });
      };
      await refused();
      await save(withExperiment([phase(1, { traffic: { start: 0, end: 10_000 } })]));
      await save(
        withExperiment([phase(1), phase(2, { variants: [{ start: 0, end: 9000, variant: 'new' }] })]),
      );
      await save(EMPTY);
      await refused();
      await save(withExperiment([phase(1)]));
    });

    it('lets a phase be changed until it begins: while its experiment is off, or before its start', async () => {
      await save(withExperiment([phase(1)], { enabled: false }));
      await save(withExperiment([phase(1, { variantSalt: 'other' })], { enabled: false }));
      expect(await phases()).toMatchObject([{ enabled: false, started_at: null }]);
      await save(withExperiment([phase(1, { variantSalt: 'third', startsAt: '2100-01-01' })]));
      await save(withExperiment([phase(1, { variantSalt: 'fourth', startsAt: '2100-01-01' })]));
      await save(withExperiment([phase(1, { variantSalt: 'fourth' })]));
      await expect(save(withExperiment([phase(1)]))).rejects.toMatchObject({
        problems: [{ path: '/experiments/checkout/phases/0/variantSalt' }],
      });
      await save(withExperiment([phase(1, { variantSalt: 'fourth' })], { enabled: false }));
      const [killed] = await phases();
      expect(killed).toMatchObject({ ended_at: expect.any(Date) });
      await save(withExperiment([phase(1, { variantSalt: 'fourth' })]));
      expect(await phases()).toMatchObject([{ started_at: killed?.started_at, ended_at: null }]);
    });

    it('lets go of the text of the oldest versions where all of them take too much room', async () => {
      const text = 'x'.repeat(2_000_000);
      for (let i = 1; i <= 12; i += 1) {
        const flags = { big: { type: 'string' as const, enabled: true, default: `${i}${text}` } };
        expect(await save({ ...EMPTY, flags })).toEqual({ version: i });
      }
      const place = { projectId, environment: 'production' };
      expect(await store.readDefinitions({ ...place, version: 2 })).toBeUndefined();
      expect((await store.readDefinitions({ ...place, version: 3 }))?.version).toBe(3);
      expect(await store.listDefinitions(place)).toHaveLength(12);
    });

    it('makes server keys, which say so wherever they are read', async () => {
      const { writeKey, kind } = await store.createKey({ projectId, kind: 'server' });
      expect({ writeKey, kind }).toEqual({
        writeKey: expect.stringMatching(/^sk_[0-9a-f]{32}$/),
        kind: 'server',
      });
      expect((await store.activeKeys()).keys).toMatchObject([{ writeKey, kind: 'server' }]);
      expect(await store.listKeys()).toMatchObject([{ writeKey, kind: 'server' }]);
    });
  });
}
