import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredRecord } from '../event-log.ts';
import { createSpoolReader } from './spool-reader.ts';
import { createRandom } from './testing/random.ts';
import { recordOf } from './testing/record-of.ts';
import { content, readFolder } from './testing/spool-fixtures.ts';

const KILLS = 12;
const SEED = Number(process.env.MILLRACE_SEED ?? Date.now() % 1_000_000);

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'millrace-spool-kill-'));
  const entry = fileURLToPath(new URL('./testing/write-until-killed.ts', import.meta.url));
  await build({
    entry: [entry],
    outDir: join(work, 'bin'),
    format: 'esm',
    target: 'node20',
    config: false,
    silent: true,
    outExtension: () => ({ js: '.mjs' }),
  });
}, 30_000);
afterAll(() => rm(work, { recursive: true, force: true }));

describe('a writer that is killed under load', () => {
  it(`loses no acknowledged record and uses no position twice (MILLRACE_SEED=${SEED})`, async () => {
    const random = createRandom(SEED);
    const folder = join(work, 'spool');
    const acked = new Set<string>();
    const readInPassing = new Map<string, string>();
    const reader = createSpoolReader({ folder });
    let position = await reader.first();
    for (let run = 0; run < KILLS; run++) {
      const writer = startWriter(folder, run, Math.floor(random() * 400), random() * 5);
      while (!writer.hasEnded()) {
        const result = await reader.read(position, { rows: 200, bytes: 1e7 });
        for (const record of result.records) readInPassing.set(placeOf(record), nameOf(record));
        position = result.next;
        if (result.records.length === 0) await reader.wait(position, 20);
      }
      for (const name of await writer.acked) acked.add(name);
    }
    await reader.close();

    const stored = await readFolder(folder, 1000);
    const names = new Map(stored.map((record) => [placeOf(record), nameOf(record)]));
    for (const record of stored) expect(content(record)).toEqual(content(recordOf(nameOf(record))));
    expect(acked.size).toBeGreaterThan(KILLS);
    const found = new Set(names.values());
    expect([...acked].filter((name) => !found.has(name))).toEqual([]);
    expect(names.size).toBe(stored.length);
    expect(found.size).toBe(stored.length);
    for (const [place, name] of readInPassing) expect(names.get(place)).toBe(name);
  }, 60_000);
});

/** A writer process that is killed `delayMs` after its `killAt`th line; `acked` are the names it printed. */
function startWriter(folder: string, run: number, killAt: number, delayMs: number) {
  const script = join(work, 'bin', 'write-until-killed.mjs');
  const child = spawn(process.execPath, [script, folder, String(run), '1500000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const printed: string[] = [];
  lines.on('line', (line) => {
    if (printed.push(line) === killAt + 1) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  return {
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    acked: once(lines, 'close').then(() => printed.filter((line) => line !== 'ready')),
  };
}

function placeOf(record: StoredRecord): string {
  return `${record.logId}:${record.offset}`;
}

function nameOf(record: StoredRecord): string {
  return (record.meta.marks[0]?.[0] ?? '').replace(/-\d+$/, '');
}
