import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { scrubLogs } from './scrub-logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-scrub-'));
  return () => rm(folder, { recursive: true });
});

it('overwrites ids that stand by themselves, in logs and in those that were rotated, byte for byte', async () => {
  await writeFile(join(folder, 'server.log'), 'refused "ada-1" and ada-12; größe-ö\n');
  await writeFile(join(folder, 'server.log.1'), 'ada-1');
  await writeFile(join(folder, 'state.json'), 'ada-1');
  expect(await scrubLogs(folder, ['ada-1', 'größe-ö'])).toBe(3);
  expect(await readFile(join(folder, 'server.log'), 'utf8')).toBe('refused "*****" and ada-12; **********\n');
  expect(await readFile(join(folder, 'server.log.1'), 'utf8')).toBe('*****');
  expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe('ada-1');
});

it('looks at no folder below, which ClickHouse may be removing, and at none that is missing', async () => {
  await mkdir(join(folder, 'store'));
  await writeFile(join(folder, 'store', 'part.log'), 'ada-1');
  expect(await scrubLogs(folder, ['ada-1'])).toBe(0);
  expect(await scrubLogs(join(folder, 'missing'), ['ada-1'])).toBe(0);
});
