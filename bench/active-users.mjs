// What people cost that are kept as daily bitmaps of numbers, over the events of the benchmark `insights`: to take the
// events over (CPU of ClickHouse, and bytes on disk), and each question from the bitmaps, from the events by the product's
// own way, and from them by a window for each day, in turns in one run.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spanOf } from './insights/generate.mjs';
import { asker, measureSides } from './insights/measure.mjs';
import { peersOf } from './insights/peers.mjs';
import { momentsOf } from './insights/questions.mjs';
import { fillWarehouse, keepActivity, openWarehouse } from './insights/warehouse.mjs';
import { round } from './support/figures.mjs';

/** A time zone whose days are those of UTC, and that is not kept. */
const NOT_KEPT = 'Africa/Abidjan';
const TABLES = ['person_numbers', 'person_number_overrides', 'activity_daily', 'activity_progress'];

function questionsOf({ from, to }) {
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const page = { event: '$page' };
  return {
    'active users: day, week and month': ['active-users', { range }],
    'active users: of one event': ['active-users', { range, activity: page }],
    lifecycle: ['lifecycle', { range }],
    stickiness: ['stickiness', { range }],
    'retention: 14 days, $page': ['retention', { range, start: page, periods: 14 }],
    'retention: first time, 14 days': [
      'retention',
      { range, start: page, periods: 14, cohort: 'first_time' },
    ],
  };
}

/** Has everything taken over anew, within what `millrace start` gives ClickHouse. */
async function takeOver(admin) {
  const cpuUs = async () => {
    const [row] = await admin.query(
      "SELECT value FROM system.events WHERE event = 'OSCPUVirtualTimeMicroseconds'",
    );
    return row.value;
  };
  for (const table of TABLES) await admin.command(`TRUNCATE TABLE ${table}`);
  const [before, begun] = [await cpuUs(), performance.now()];
  await keepActivity(admin);
  const [cpu, seconds] = [(await cpuUs()) - before, (performance.now() - begun) / 1000];
  for (const table of TABLES) await admin.command(`OPTIMIZE TABLE ${table} FINAL`);
  const [{ bytes }] = await admin.query(
    `SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('${TABLES.join("', '")}')`,
  );
  const [{ events }] = await admin.query('SELECT count() AS events FROM events');
  return {
    what: 'to take the events over',
    who: 'CPU ms, per million events',
    'p50 ms': `${round(seconds, 0)} s in all`,
    'CPU ms': round(cpu / 1000 / (events / 1e6), 0),
    'disk MB': round(bytes / 1e6, 1),
  };
}

/** Measures, and returns `{ name, rows }`. `data`: a folder whose events are used again, if it has any. */
export async function run({ events = 10_000_000, memory = 1_000_000_000, runs = 5, data, only = '' } = {}) {
  const dataDir = data ?? (await mkdtemp(join(tmpdir(), 'millrace-bench-')));
  const span = spanOf(Date.now());
  const moments = momentsOf(span);
  try {
    await mkdir(dataDir, { recursive: true });
    if (!(await stat(join(dataDir, 'store')).catch(() => undefined)))
      await fillWarehouse({ dataDir, events, ...span });
    const warehouse = await openWarehouse({ dataDir, memoryBytes: memory });
    try {
      const rows = [await takeOver(warehouse.admin)];
      await warehouse.admin.command('SYSTEM STOP MERGES');
      const peers = peersOf(moments);
      for (const [what, [name, question]] of Object.entries(questionsOf(moments))) {
        if (!what.includes(only)) continue;
        const inZone = (timezone) => asker({ ask: [name, { ...question, timezone }] }, moments.to);
        const sides = [
          { who: 'from the bitmaps', ask: inZone('UTC') },
          { who: 'from the events', ask: inZone(NOT_KEPT) },
          ...Object.entries(peers[what] ?? {}).map(([who, sql]) => ({ who, ask: asker({ sql }) })),
        ];
        const found = await measureSides(warehouse, sides, runs);
        rows.push(...found.map((side) => rowOf(what, side, found[0])));
      }
      return { name: 'active-users', events, rows };
    } finally {
      await warehouse.stop();
    }
  } finally {
    if (data === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

function rowOf(what, { who, failed, p50, p95, cpuMs, peakMb }, own) {
  if (failed) return { what, who, 'p50 ms': failed };
  const times = cpuMs === own.cpuMs ? {} : { 'times the CPU': round(cpuMs / own.cpuMs, 0) };
  return { what, who, 'p50 ms': p50, 'p95 ms': p95, 'CPU ms': cpuMs, 'peak MB': peakMb, ...times };
}
