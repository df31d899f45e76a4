import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows } from '../testing/make-event-row.ts';
import { makeExposureRow } from '../testing/make-exposure-row.ts';
import { type StandInPhase, standInDictionaries } from '../testing/stand-in-dictionaries.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(() => engine.admin.command('TRUNCATE TABLE events'));

type Row = ReturnType<typeof makeExposureRow>;
const insert = (rows: readonly Row[]) =>
  engine.admin.insertRows('events', encodeRows(rows), { token: randomUUID() });
const audit = () =>
  engine.reader.query<Record<string, unknown>>('SELECT * FROM assignment_audit ORDER BY event_id');
const spec = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../spec/${name}.json`, import.meta.url), 'utf8'));

const HALVES = [
  { start: 0, end: 5000, variant: 'control' },
  { start: 5000, end: 10_000, variant: 'treatment' },
];

it('says what spec/bucketing.json says of every unit', async () => {
  interface Vector {
    trafficSalt: string;
    variantSalt: string;
    unit: string;
    traffic: { start: number; end: number };
    ranges: StandInPhase['variants'];
    enrolled: boolean;
    variant: string | null;
  }
  // What is no unit is no exposure either.
  const vectors = (spec('bucketing').enrolment as Vector[]).filter(({ unit }) => unit !== '');
  expect(vectors.filter(({ enrolled }) => enrolled).length).toBeGreaterThan(5);
  expect(vectors.filter(({ enrolled }) => !enrolled).length).toBeGreaterThan(2);
  await standInDictionaries(
    engine.admin,
    vectors.map(({ trafficSalt, variantSalt, traffic, ranges }, n) => ({
      experiment: `vector-${n}`,
      traffic_salt: trafficSalt,
      variant_salt: variantSalt,
      traffic,
      variants: ranges,
    })),
  );
  await insert(
    vectors.map(({ unit, variant }, n) =>
      makeExposureRow(
        n,
        { experiment: `vector-${n}`, unit, variant: variant ?? 'control' },
        { message_id: String(n).padStart(4, '0') },
      ),
    ),
  );
  const found = await audit();
  expect(found.map(({ unit, is_enrolled }) => [unit, is_enrolled])).toEqual(
    vectors.map(({ unit, enrolled }) => [unit, enrolled]),
  );
  for (const [n, { enrolled, variant }] of vectors.entries()) {
    if (!enrolled) expect(found[n]).toMatchObject({ matches: false, problem: 'not_in_traffic' });
    else if (variant === null) expect(found[n]).toMatchObject({ recomputed_variant: '', problem: 'variant' });
    else expect(found[n]).toMatchObject({ recomputed_variant: variant, matches: true, problem: '' });
  }
});

it('agrees with every split of spec/evaluation.json', async () => {
  interface Case {
    key: string;
    units: Record<string, string | number>;
    variant: string;
    reason: string;
    phase: number;
  }
  interface Experiment {
    unitType?: string;
    bucketingVersion: number;
    phases: {
      number: number;
      trafficSalt: string;
      variantSalt: string;
      traffic: { start: number; end: number; ramp?: { end: number }[] };
      variants: StandInPhase['variants'];
    }[];
  }
  const { definitions, experiments } = spec('evaluation') as {
    definitions: { experiments: Record<string, Experiment> };
    experiments: Case[];
  };
  await standInDictionaries(
    engine.admin,
    Object.entries(definitions.experiments).flatMap(([experiment, { unitType, bucketingVersion, phases }]) =>
      phases.map(({ number, trafficSalt, variantSalt, traffic, variants }) => ({
        experiment,
        phase: number,
        unit_type: unitType ?? 'anonymousId',
        bucketing_version: bucketingVersion,
        traffic_salt: trafficSalt,
        variant_salt: variantSalt,
        traffic: {
          start: traffic.start,
          end: Math.max(traffic.end, ...(traffic.ramp ?? []).map(({ end }) => end)),
        },
        variants,
      })),
    ),
  );
  const splits = experiments.filter(({ reason }) => reason === 'split');
  expect(splits.length).toBeGreaterThan(10);
  await insert(
    splits.map(({ key, units, variant, phase }, n) => {
      const unitType = definitions.experiments[key]?.unitType ?? 'anonymousId';
      return makeExposureRow(n, { experiment: key, phase, variant, unitType, unit: String(units[unitType]) });
    }),
  );
  const found = await audit();
  expect(found).toHaveLength(splits.length);
  expect(found.filter(({ matches }) => !matches)).toEqual([]);
});

it('says what is wrong with an assignment', async () => {
  await standInDictionaries(engine.admin, [
    { experiment: 'price', traffic: { start: 0, end: 9000 }, variants: HALVES },
    { experiment: 'later', bucketing_version: 2, variants: HALVES },
  ]);
  // Under the salts t and v: `in` has the traffic bucket 6718 and the variant bucket 1305, `unit-1` the traffic bucket 9099.
  const right = { unit: 'in', variant: 'control' };
  const cases: [string, Parameters<typeof makeExposureRow>[1]][] = [
    ['', right],
    ['variant', { ...right, variant: 'treatment' }],
    ['variant', { ...right, variant: 'no such variant' }],
    ['variant', { ...right, variant: '' }],
    ['unknown_phase', { ...right, phase: 2 }],
    ['unknown_phase', { ...right, experiment: 'nowhere' }],
    ['unit_type', { ...right, unitType: 'userId' }],
    ['not_in_traffic', { unit: 'unit-1', variant: 'treatment' }],
    ['bucketing_version', { ...right, ...{ bucketingVersion: 2 } }],
    ['unsupported_version', { ...right, experiment: 'later', ...{ bucketingVersion: 2 } }],
  ];
  await insert(
    cases.map(([, properties], n) =>
      makeExposureRow(n, properties, { message_id: String(n).padStart(4, '0') }),
    ),
  );
  const found = await audit();
  expect(found.map(({ problem }) => problem)).toEqual(cases.map(([problem]) => problem));
  expect(found[0]).toMatchObject({ traffic_bucket: 6718, variant_bucket: 1305 });
});

it('sums up by SDK and version, and counts apart what no draw decided', async () => {
  await standInDictionaries(engine.admin, [{ experiment: 'price', variants: HALVES }]);
  const right = { unit: 'in', variant: 'control' };
  const old = { library_version: '0.0.9' };
  const NOW = Date.now();
  await insert([
    makeExposureRow(1, right),
    makeExposureRow(2, right, { project_id: 2 }),
    makeExposureRow(3, right, old),
    makeExposureRow(4, { ...right, variant: 'treatment' }, { ...old, timestamp: NOW }),
    makeExposureRow(5, { ...right, variant: 'treatment', reason: 'sticky' }, old),
    makeExposureRow(6, { ...right, variant: 'treatment', reason: 'targeted' }, old),
    makeExposureRow(7, { ...right, variant: 'treatment', reason: 'forced' }, old),
    makeExposureRow(8, { ...right, variant: 'treatment', reason: 'whim' }, old),
    makeExposureRow(9, { ...right, variant: 'treatment', environment: 'staging' }, old),
  ]);
  expect(
    await engine.reader.query(
      `SELECT project_id, library, library_version, split, mismatches, sticky, targeted, forced, other,
         toUnixTimestamp64Milli(last_mismatch) AS last
       FROM assignment_audit_summary ORDER BY project_id, library_version`,
    ),
  ).toEqual([
    {
      ...{ project_id: 1, library: 'millrace-browser', library_version: '0.0.9', split: 2, mismatches: 1 },
      ...{ sticky: 1, targeted: 1, forced: 1, other: 1, last: NOW },
    },
    {
      ...{ project_id: 1, library: 'millrace-browser', library_version: '0.1.0', split: 1, mismatches: 0 },
      ...{ sticky: 0, targeted: 0, forced: 0, other: 0, last: 0 },
    },
    {
      ...{ project_id: 2, library: 'millrace-browser', library_version: '0.1.0', split: 1, mismatches: 1 },
      ...{ sticky: 0, targeted: 0, forced: 0, other: 0, last: expect.any(Number) },
    },
  ]);
});
