import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvaluator, type Definitions, prepareDefinitions } from '@millrace/core/evaluation';
import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { createDefinitionsStore } from '@millrace/definitions';
import { auditAssignments, createDictionaries, reloadDictionaries } from '@millrace/warehouse-schema';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildTemplate } from '../../../definitions/scripts/build-template.mjs';
import {
  buildDefinitionsChild,
  startDefinitionsChild,
} from '../../../definitions/src/testing/start-definitions-child.ts';

const seed = Number(process.env['MILLRACE_SEED'] ?? freshSeed());
// As many as there is time for: MILLRACE_UNITS=1000000.
const UNITS = Number(process.env['MILLRACE_UNITS'] ?? 30_000);
const BLOCK = 20_000;
const NOW = Date.now();

const DEFINITIONS: Definitions = {
  format: 1,
  version: 0,
  flags: {},
  experiments: {
    even: {
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 1,
          trafficSalt: 'even-traffic',
          variantSalt: 'größe 😀 漢字',
          traffic: { start: 0, end: 10_000 },
          variants: [
            { start: 0, end: 5000, variant: 'control' },
            { start: 5000, end: 10_000, variant: 'größer' },
          ],
        },
      ],
    },
    uneven: {
      unitType: 'userId',
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 3,
          trafficSalt: 'uneven-traffic',
          variantSalt: 'uneven-variant',
          traffic: { start: 1000, end: 1001, ramp: [{ at: new Date(NOW - 1000).toISOString(), end: 9000 }] },
          variants: [
            { start: 0, end: 1, variant: 'rare' },
            { start: 1, end: 3333, variant: 'control' },
            { start: 4000, end: 9999, variant: 'other' },
          ],
        },
      ],
    },
  },
};
const EXPERIMENTS = Object.keys(DEFINITIONS.experiments);

let engine: TestEngine;
let stop: () => Promise<void>;
beforeAll(async () => {
  await buildTemplate();
  await buildDefinitionsChild();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-audit-'));
  const child = await startDefinitionsChild(folder);
  engine = await startTestEngine();
  const store = createDefinitionsStore(child);
  stop = async () => {
    await store.close();
    await engine.close();
    await child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  await store.migrate();
  const { projectId } = await store.ensureProject('shop', { retentionDays: 30 });
  expect(projectId).toBe(1);
  await store.saveDefinitions({
    ...{ projectId, environment: 'production', document: DEFINITIONS, author: 'ada', note: '' },
  });
  await createDictionaries(engine.admin, child.connectionString);
  await reloadDictionaries(engine.admin);
});
afterAll(() => stop?.());
beforeEach(() => engine.admin.command('TRUNCATE TABLE events'));

/** Units of every kind: ids, numbers, addresses, CJK, emoji, controls, long ones. */
function makeUnits(count: number): string[] {
  const random = createSeededRandom(seed).next;
  const pick = (from: number, to: number) => from + Math.floor(random() * (to - from));
  const text = (from: number, to: number, longest: number) =>
    Array.from({ length: pick(1, longest) }, () => String.fromCodePoint(pick(from, to))).join('');
  const kinds = [
    (n: number) => `${n}`,
    (n: number) => `user-${n}@example.org`,
    () => `${pick(0, 2 ** 32).toString(16)}-${pick(0, 2 ** 32).toString(16)}`,
    (n: number) => `${text(0x4e00, 0x9fff, 12)}${n}`,
    (n: number) => `${text(0x1f300, 0x1f6ff, 8)}${n}`,
    (n: number) => `${text(0x01, 0x20, 4)}${n}"\\'`,
    (n: number) => `${'x'.repeat(pick(1, 200))}${n}`,
  ];
  return Array.from({ length: count }, (_, n) => kinds[n % kinds.length]?.(n) ?? '');
}

interface Exposure {
  experiment: string;
  phase: number | undefined;
  variant: string;
  unit: string | undefined;
  unitType: string | undefined;
  bucketingVersion: number | undefined;
  reason: string;
}

let count = 0;
/** What the evaluator says to each unit, as exposures: those of whom the draw decided. */
function* draw(units: readonly string[], definitions: Definitions): Generator<Exposure> {
  const evaluator = createEvaluator(prepareDefinitions(definitions));
  for (const unit of units) {
    for (const experiment of EXPERIMENTS) {
      const drawn = evaluator.assign(experiment, { units: { anonymousId: unit, userId: unit }, now: NOW });
      const { phase, variant, reason, unitType, bucketingVersion } = drawn;
      if (reason === 'split') yield { experiment, phase, variant, unit, unitType, bucketingVersion, reason };
    }
  }
}

async function expose(exposures: Iterable<Exposure>, library_version: string): Promise<number> {
  let block: string[] = [];
  const flush = async () => {
    await engine.admin.insertRows('events', [Buffer.from(block.join(''))], { token: randomUUID() });
    block = [];
  };
  const first = count;
  for (const properties of exposures) {
    count += 1;
    const row = { project_id: 1, message_id: `m${count}`, type: 'track', event: '$exposure', timestamp: NOW };
    block.push(`${JSON.stringify({ ...row, library: 'sdk', library_version, properties })}\n`);
    if (block.length === BLOCK) await flush();
  }
  if (block.length > 0) await flush();
  return count - first;
}

const problems = () =>
  engine.reader.query(
    'SELECT library_version, problem, count() AS n FROM assignment_audit WHERE NOT matches GROUP BY ALL ORDER BY ALL',
  );

it(
  `recomputes the variants of ${UNITS} units in SQL, without one mismatch`,
  async () => {
    const exposed = await expose(draw(makeUnits(UNITS), DEFINITIONS), '1.0.0');
    // Of the second experiment 80 % are in the traffic, and 93 % of its buckets are given away.
    expect(exposed / UNITS).toBeGreaterThan(1.7);
    const [found] = await engine.reader.query<Record<string, number>>(
      'SELECT count() AS n, countIf(matches) AS matching, uniqExact(experiment, recomputed_variant) AS variants FROM assignment_audit',
    );
    expect(found, `seed ${seed}`).toMatchObject({ n: exposed, matching: exposed });
    expect(found?.['variants']).toBeGreaterThanOrEqual(4);
  },
  60_000 + UNITS / 5,
);

it('finds each forged variant, and every unit that another salt draws otherwise', async () => {
  const units = makeUnits(2_000);
  const exposures = [...draw(units, DEFINITIONS)];
  const forged = exposures.slice(0, 7).map((one) => ({ ...one, variant: `not ${one.variant}` }));
  await expose(exposures, '1.0.0');
  await expose(forged, 'forged');
  await expose(
    exposures.slice(0, 5).map((one) => ({ ...one, phase: 9 })),
    'phase',
  );
  const other: Definitions = JSON.parse(JSON.stringify(DEFINITIONS).replace('größe', 'another'));
  const drawn = [...draw(units, other)];
  await expose(drawn, 'salt');
  const right = new Map(exposures.map((one) => [`${one.experiment} ${one.unit}`, one.variant]));
  const moved = drawn.filter((one) => right.get(`${one.experiment} ${one.unit}`) !== one.variant).length;
  expect(moved, `seed ${seed}`).toBeGreaterThan(800);
  expect(await problems(), `seed ${seed}`).toEqual([
    { library_version: 'forged', problem: 'variant', n: 7 },
    { library_version: 'phase', problem: 'unknown_phase', n: 5 },
    { library_version: 'salt', problem: 'variant', n: moved },
  ]);
  const versions = await auditAssignments(engine.reader, { since: NOW - 1 });
  expect(versions).toEqual([
    { library: 'sdk', library_version: '1.0.0', split: exposures.length, mismatches: 0, problems: [] },
    { library: 'sdk', library_version: 'forged', split: 7, mismatches: 7, problems: ['variant'] },
    { library: 'sdk', library_version: 'phase', split: 5, mismatches: 5, problems: ['unknown_phase'] },
    {
      library: 'sdk',
      library_version: 'salt',
      split: drawn.length,
      mismatches: moved,
      problems: ['variant'],
    },
  ]);
  expect(await auditAssignments(engine.reader, { since: NOW + 1 })).toEqual([]);
});
