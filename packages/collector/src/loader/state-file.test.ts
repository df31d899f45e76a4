import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { initialState, type LoaderState } from './loader-state.ts';
import { DAMAGED_STATE_FILE, decodeState, encodeState, openStateFile, STATE_FILE } from './state-file.ts';

const state: LoaderState = {
  ...initialState({ logId: 'spool-000000000003', offset: 4096 }),
  newestReceivedAt: 1_763_000_000_000,
  plan: {
    start: { logId: 'spool-000000000003', offset: 4096 },
    end: 9000,
    next: { logId: 'spool-000000000004', offset: 32 },
    parts: { events: { pieces: [{ token: 'ü#1', ranges: [[0, 3]] }], refused: [[4, 'no']] } },
  },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loader-state-'));
  return () => rm(dir, { recursive: true });
});

describe('the state file', () => {
  it('gives back what was saved last, also to the next process', async () => {
    const file = await openStateFile(join(dir, 'made'));
    await file.save(initialState(state.checkpoint));
    await file.save(state);
    expect(await (await openStateFile(join(dir, 'made'))).load()).toEqual(state);
  });

  it('holds no state where there is no file', async () => {
    expect(await (await openStateFile(dir)).load()).toBeNull();
  });

  it('counts as missing when it ends early, at whatever byte', () => {
    const whole = Buffer.from(encodeState(state));
    for (let end = 0; end < whole.length; end++) {
      expect(decodeState(whole.toString('utf8', 0, end)), `cut at byte ${end}`).toBeNull();
    }
  });

  it('counts as missing when a byte of it is another', () => {
    const whole = Buffer.from(encodeState(state));
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(decodeState(damaged.toString('utf8')), `byte ${at}`).toBeNull();
    }
  });

  it('is set aside when it is damaged, for the loader alone', async () => {
    const told: string[] = [];
    const path = join(dir, STATE_FILE);
    await writeFile(path, 'damaged');
    expect(await (await openStateFile(dir)).load()).toBeNull();
    expect(await readFile(path, 'utf8')).toBe('damaged');

    const file = await openStateFile(dir, (keptAs) => told.push(keptAs));
    expect(await file.load()).toBeNull();
    expect(told).toEqual([join(dir, DAMAGED_STATE_FILE)]);
    expect(await readFile(join(dir, DAMAGED_STATE_FILE), 'utf8')).toBe('damaged');
    await file.save(state);
    expect(await file.load()).toEqual(state);
    expect(told).toHaveLength(1);
  });

  it('is the state before while a save is cut off', async () => {
    const file = await openStateFile(dir);
    await file.save(state);
    await writeFile(join(dir, `${STATE_FILE}.tmp`), '{"version":1,');
    expect(await file.load()).toEqual(state);
    expect(await readFile(join(dir, STATE_FILE), 'utf8')).toBe(encodeState(state));
  });
});
