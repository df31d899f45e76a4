import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpool } from './spool.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-node-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const event = (i: number) => ({ messageId: `m${i}`, json: `{"messageId":"m${i}"}` });
/** The pid of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('createSpool', () => {
  it('keeps events until their fate is known, and then no file', () => {
    const spool = createSpool(folder);
    for (let i = 0; i < 1_200; i++) spool.write(event(i));
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').trim().split('\n'),
    );
    expect(lines.sort()).toEqual(Array.from({ length: 1_200 }, (_, i) => event(i).json).sort());
    spool.settle(Array.from({ length: 1_200 }, (_, i) => `m${i}`));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over what a process that is no more has left, without the line that it did not finish', () => {
    const name = `${deadPid()}-00000000-0000-4000-8000-000000000000.jsonl`;
    writeFileSync(join(folder, name), `${event(1).json}\n${event(2).json}\n{"messageId":"m3`);
    const spool = createSpool(folder);
    expect(spool.takeOver()).toMatchObject([event(1), event(2)]);
    expect(createSpool(folder).takeOver()).toEqual([]);
    spool.settle(['m1']);
    expect(readdirSync(folder)).toHaveLength(1);
    spool.settle(['m2']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves alone what a living process writes', () => {
    createSpool(folder).write(event(1));
    const name = `${process.ppid}-00000000-0000-4000-8000-000000000000.jsonl`;
    writeFileSync(join(folder, name), `${event(2).json}\n`);
    expect(createSpool(folder).takeOver()).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
