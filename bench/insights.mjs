// What questions cost over generated events (insights/generate.mjs says which), asked through the functions of the
// product, beside the shapes in which other products ask the same over the same table, in turns in one run: time, CPU of
// ClickHouse and peak memory, within two threads and the memory that `millrace start` gives it. Nothing is merged
// meanwhile, and no result or condition is remembered between runs; files are in the cache of the machine.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureDisk } from './insights/disk.mjs';
import { spanOf } from './insights/generate.mjs';
import { asker, measureSides } from './insights/measure.mjs';
import { peersOf } from './insights/peers.mjs';
import { momentsOf, questionsOf } from './insights/questions.mjs';
import { fillWarehouse, openWarehouse } from './insights/warehouse.mjs';
import { round } from './support/figures.mjs';

const DISK_RATIO = 10;

/** Whether a question stays within its goals, in words. */
function verdict({ goal, of, times }, [own, ...peers]) {
  if (own.failed) return 'missed';
  const said = [];
  if (goal !== undefined) said.push(`${own.p95 <= goal ? 'met' : 'missed'}: p95 ${goal} ms`);
  const peer = peers.find(({ who }) => who === of);
  if (peer && !peer.failed) {
    const share = own.cpuMs / peer.cpuMs;
    said.push(
      `${share <= times ? 'met' : 'missed'}: ${round(times, 2)} x the CPU of ${of}, is ${round(share, 2)}`,
    );
  }
  if (peer?.failed) said.push(`${of}: ${peer.failed}`);
  return said.join('; ');
}

const rowOf = (what, { who, failed, p50, p95, cpuMs, peakMb }, goal = '') => ({
  what,
  who,
  ...(failed ? { 'p50 ms': failed } : { 'p50 ms': p50, 'p95 ms': p95, 'CPU ms': cpuMs, 'peak MB': peakMb }),
  goal,
});

/**
 * Measures, and returns `{ name, rows }` for the table and the file of results. `data`: a folder whose events are used
 * again, if it has any; `only`: a part of the names of questions.
 */
export async function run({ events = 10_000_000, memory = 1_000_000_000, runs = 5, data, only = '' } = {}) {
  const dataDir = data ?? (await mkdtemp(join(tmpdir(), 'millrace-bench-')));
  const span = spanOf(Date.now());
  try {
    await mkdir(dataDir, { recursive: true });
    if (!(await stat(join(dataDir, 'store')).catch(() => undefined)))
      await fillWarehouse({ dataDir, events, ...span });
    const warehouse = await openWarehouse({ dataDir, memoryBytes: memory });
    try {
      return await measure(warehouse, { span, runs, only });
    } finally {
      await warehouse.stop();
    }
  } finally {
    if (data === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(warehouse, { span, runs, only }) {
  const { admin } = warehouse;
  await admin.command('SYSTEM STOP MERGES');
  const [{ count }] = await admin.query('SELECT count() AS count FROM events');
  const moments = momentsOf(span);
  const peers = peersOf(moments);
  const rows = [];
  for (const [what, question] of Object.entries(questionsOf(moments))) {
    if (!what.includes(only)) continue;
    const sides = [
      { who: 'Millrace', ask: asker(question, moments.to) },
      ...Object.entries(peers[what] ?? {}).map(([who, sql]) => ({ who, ask: asker({ sql }) })),
    ];
    const found = await measureSides(warehouse, sides, runs);
    rows.push(...found.map((side, n) => rowOf(what, side, n === 0 ? verdict(question, found) : '')));
  }
  const disk = await measureDisk(admin, count);
  rows.push({
    what: 'bytes on disk, with all rollups',
    who: 'Millrace',
    goal: `${disk.ratio >= DISK_RATIO ? 'met' : 'missed'}: ${DISK_RATIO} : 1 of the JSON, is ${disk.ratio} : 1`,
  });
  return { name: 'insights', events: count, disk, rows };
}
