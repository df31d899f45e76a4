import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import type { Difference, LoaderWarehouse } from './loader-warehouse.ts';
import { countsOf, exactly, loadAll } from './testing/loader-on-engine.ts';
import { makeRecord, RECEIVED_AT } from './testing/make-record.ts';
import { createMemoryLog } from './testing/memory-log.ts';

/**
 * Plain MergeTree writes the token of an insert before the part exists; the part's last step is a rename.
 * A ClickHouse that is killed there, or whose part is lost otherwise, knows the token of rows that it does
 * not have: the same insert again does nothing.
 */
const canTrace = (() => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const ROWS = 500;

let engine: TestEngine;
let projectId = 500;
let stateDir: string;

// One of its own for each, that has never merged: what a merge replaced is removed at some later time, by a rename.
beforeEach(async () => {
  engine = await startTestEngine();
  await engine.admin.command('SYSTEM STOP MERGES');
  projectId += 1;
  stateDir = await mkdtemp(join(tmpdir(), 'token-kill-'));
  return async () => {
    await engine.close();
    await rm(stateDir, { recursive: true });
  };
});

/** A log with a first chunk that is loaded, and a second that is not. */
async function startLog() {
  const log = createMemoryLog(`kill${projectId}`);
  const receivedAt = RECEIVED_AT + projectId * 60_000;
  log.append(makeRecord({ projectId, receivedAt, events: [{ id: 'first' }] }));
  await loadAll(log, engine.admin, { stateDir });
  const events = Array.from({ length: ROWS }, (_, i) => ({ id: `e${i}`, row: { anonymous_id: `a${i}` } }));
  log.append(makeRecord({ projectId, receivedAt, events, rejected: ['rejected'] }));
  return log;
}

/** A warehouse that tells which tokens it was given, and what it had to mend. */
function watched() {
  const warehouse = createClickHouseWarehouse(engine.admin);
  const seen = { tokens: [] as string[], mended: [] as Difference[] };
  const watching: LoaderWarehouse = {
    ...warehouse,
    insert(table, rows, options) {
      seen.tokens.push(options.token);
      return warehouse.insert(table, rows, options);
    },
    async compareDerived(range) {
      const differences = await warehouse.compareDerived(range);
      seen.mended.push(...differences);
      return differences;
    },
  };
  return { warehouse: watching, seen };
}

/** Lets ClickHouse be killed at its n-th rename from now on; resolves once it is traced. */
async function killAtRename(n: number) {
  const inject = ['-e', 'trace=rename', '-e', `inject=rename:signal=KILL:when=${n}`];
  const tracer = spawn('strace', ['-f', ...inject, '-p', String(engine.clickHouse().pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    tracer.stderr.on('data', (data) => {
      text += String(data);
      if (text.includes(' attached')) resolve();
    });
    tracer.once('exit', () => reject(new Error(`strace ended: ${text}`)));
  });
  tracer.removeAllListeners('exit');
  return tracer;
}

describe.runIf(canTrace)('a ClickHouse killed between the token and the part', () => {
  it.each([
    { n: 1, what: 'the table', mends: 'events' },
    { n: 2, what: 'the first view', mends: 'view' },
    { n: 3, what: 'the second view', mends: 'view' },
    { n: 4, what: 'the rejected rows', mends: 'rejected' },
  ])('in $what: every row is there once, everywhere', async ({ n, mends }) => {
    const log = await startLog();
    const tracer = await killAtRename(n);
    const { warehouse, seen } = watched();
    const loading = loadAll(log, engine.admin, { stateDir, warehouse });
    await once(tracer, 'exit');
    expect((await engine.clickHouse().exited).signal).toBe('SIGKILL');
    await engine.restart('SIGKILL');
    await loading;
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(ROWS + 1, 1));

    // What was killed was short of rows, and the token alone did not bring them back.
    const [first] = seen.tokens;
    const retries = seen.tokens.filter((token) => token === (mends === 'rejected' ? `${first}:r` : first));
    const madeAnew = seen.tokens.filter((token) => token.includes('#'));
    if (mends === 'view') expect(seen.mended).not.toEqual([]);
    else expect([retries.length, madeAnew.length]).toEqual([2, 1]);
  });
});
