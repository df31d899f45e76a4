import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { makeExposureRow } from '../testing/make-exposure-row.ts';
import { compareRollups, rebuildRollups } from './compare-rollups.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  for (const table of ['events', 'exposures']) await engine.admin.command(`TRUNCATE TABLE ${table}`);
});

const DAY_MS = 24 * 60 * 60 * 1000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const at = (ms: number) => ({ timestamp: NOON + ms });
const day = (ago: number) => new Date(NOON - ago * DAY_MS).toISOString().slice(0, 10);

const insert = (rows: readonly object[]) =>
  engine.admin.insertRows('events', encodeRows(rows), { token: randomUUID() });
const units = () =>
  engine.admin.query<Record<string, unknown>>(
    `SELECT unit, variant, reason, variants_seen, toUnixTimestamp64Milli(first_exposure) AS first,
       toUnixTimestamp64Milli(last_exposure) AS last, first_seen.definitions_version AS version
     FROM exposed_units ORDER BY experiment, phase, unit`,
  );
const days = { event_days: [day(2), day(1), day(0)], arrival_days: [] };
const compare = async () =>
  (await compareRollups(engine.admin, days)).filter(({ rollup }) => rollup === 'exposures');

const ROWS = [
  makeExposureRow(1, { variant: 'b', unit: 'switcher', definitionsVersion: 8 }, at(5)),
  makeExposureRow(2, { variant: 'a', unit: 'switcher' }, at(4)),
  makeExposureRow(3, { variant: 'b', unit: 'switcher', definitionsVersion: 9 }, at(DAY_MS)),
  makeExposureRow(4, { variant: 'c', unit: 'tie' }, { ...at(0), message_id: 'z' }),
  makeExposureRow(5, { variant: 'd', unit: 'tie' }, { ...at(0), message_id: 'y' }),
  makeExposureRow(6, { variant: 'b', unit: 'tester', reason: 'forced' }, at(0)),
  makeExposureRow(7, { variant: 'a', unit: 'tester' }, at(1)),
  makeExposureRow(8, { variant: 'a', unit: 'crawler' }, { ...at(0), is_bot: true }),
  makeExposureRow(9, { variant: 'a', unit: 'elsewhere', environment: 'staging' }, at(0)),
  makeExposureRow(10, { variant: 'a', unit: 'kept', reason: 'sticky' }, at(-DAY_MS)),
  makeEventRow(11, at(0)),
];
const UNITS = [
  {
    unit: 'kept',
    variant: 'a',
    reason: 'sticky',
    variants_seen: 1,
    first: NOON - DAY_MS,
    last: NOON - DAY_MS,
    version: 7,
  },
  {
    unit: 'switcher',
    variant: 'a',
    reason: 'split',
    variants_seen: 2,
    first: NOON + 4,
    last: NOON + DAY_MS,
    version: 7,
  },
  {
    unit: 'tester',
    variant: 'a',
    reason: 'split',
    variants_seen: 1,
    first: NOON + 1,
    last: NOON + 1,
    version: 7,
  },
  { unit: 'tie', variant: 'd', reason: 'split', variants_seen: 2, first: NOON, last: NOON, version: 7 },
];

it('keeps the first variant of each unit that the draw put into one, to the millisecond', async () => {
  await insert(ROWS);
  expect(await units()).toEqual(UNITS);
});

it('says the same whatever the batches, the order and the repetitions were', async () => {
  const seed = randomBytes(4).readUInt32LE();
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const waiting = [...ROWS, ...ROWS, ...ROWS].map((row) => ({ row, order: random(2 ** 30) }));
  waiting.sort((one, other) => one.order - other.order);
  while (waiting.length > 0) {
    await insert(waiting.splice(0, 1 + random(6)).map(({ row }) => row));
  }
  expect(await units(), `seed ${seed}`).toEqual(UNITS);
  expect(await compare(), `seed ${seed}`).toEqual([]);
  await engine.admin.command('OPTIMIZE TABLE exposures FINAL');
  expect(await units(), `seed ${seed}`).toEqual(UNITS);
});

it('takes whatever a client says of an exposure', async () => {
  const odd: unknown[] = [
    null,
    '',
    1e300,
    -1,
    true,
    [],
    ['x'],
    { a: { b: 1 } },
    '\u0000',
    '4294967296',
    '１',
  ];
  const names = [
    'experiment',
    'phase',
    'variant',
    'unit',
    'unitType',
    'reason',
    'definitionsVersion',
    'environment',
  ];
  const rows = names.flatMap((name, n) =>
    odd.map((value, m) =>
      makeExposureRow(n * odd.length + m, { variant: 'a', unit: `u${m}`, [name]: value }, at(m)),
    ),
  );
  await insert(rows);
  const [count] = await engine.admin.query<{ n: number }>('SELECT count() AS n FROM events');
  expect(count?.n).toBe(rows.length);
  expect((await units()).length).toBeGreaterThan(0);
  expect(await compare()).toEqual([]);
});

it('is found wrong and made anew, day by day', async () => {
  await insert(ROWS);
  await engine.admin.command(
    `ALTER TABLE exposures DELETE WHERE unit = 'switcher' AND day = '${day(0)}' SETTINGS mutations_sync = 2`,
  );
  await insert([makeExposureRow(20, { variant: 'z', unit: 'surplus' }, at(-DAY_MS))]);
  await engine.admin.command(
    "ALTER TABLE events DELETE WHERE message_id = 'exposure-20' SETTINGS mutations_sync = 2",
  );
  const differences = await compare();
  expect(differences).toEqual([
    { rollup: 'exposures', project_id: 1, day: day(1), missing: 0, surplus: 1, buckets: 1 },
    { rollup: 'exposures', project_id: 1, day: day(0), missing: 1, surplus: 0, buckets: 1 },
  ]);
  await rebuildRollups(engine.admin, differences);
  expect(await compare()).toEqual([]);
  expect(await units()).toEqual(UNITS);
});

it('is not called wrong where its events have reached the end of their retention', async () => {
  const old = { ...at(-DAY_MS), retention_days: 1 };
  await insert([makeExposureRow(1, { variant: 'a', unit: 'expired' }, old)]);
  await engine.admin.command('TRUNCATE TABLE events');
  expect(await compare()).toEqual([]);
});
