import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const SLOW_MS = 90_000;

let dataDir: string;
let millrace: Millrace;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-cohorts-'));
  millrace = await startMillrace({ dataDir });
}, SLOW_MS);

afterAll(async () => {
  await millrace?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, SLOW_MS);

/** What another command over the same folder prints. */
async function command(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { env: millrace.env });
  return stdout;
}

/** What of an answer is looked into. */
interface Answer {
  success?: boolean;
  version?: number;
  definition?: { ids?: number };
  result?: { count: number; people: string[] };
  error?: { code: string; field?: string };
}

/** What the server answers. */
async function ask(path: string, method: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${millrace.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

it(
  'a cohort is stored by HTTP or by command, is a condition, and freezes who a question lists',
  async () => {
    const track = (anonymousId: string, event: string) => ({
      type: 'track',
      anonymousId,
      event,
      messageId: `${anonymousId}-${event}`,
    });
    const batch = [track('ada', 'visited'), track('ada', 'bought'), track('bob', 'visited')];
    expect((await ask('/v1/batch', 'POST', { writeKey: 'wk_demo', batch })).success).toBe(true);
    const people = async (cohort: string) =>
      (
        await ask('/api/insights/cohort-people', 'POST', {
          where: [{ cohort }, { property: 'event', operator: 'is', value: 'visited' }],
        })
      ).result;

    const file = join(dataDir, 'cohort.json');
    await writeFile(file, JSON.stringify({ definition: { did: { event: 'bought' } } }));
    expect(await command('cohort', 'put', 'buyers', file)).toBe('1\n');
    await waitFor(async () => (await people('buyers'))?.count === 1);
    expect(await people('buyers')).toEqual({ count: 1, people: ['ada'] });

    const steps = [{ event: 'visited' }, { event: 'bought' }];
    const question = { range: { last: '2 days' }, steps, step: 2, outcome: 'dropped' };
    const saved = await ask('/api/cohorts/lost', 'PUT', {
      snapshot: { insight: 'funnel-people', question },
    });
    expect(saved).toMatchObject({ success: true, version: 1, definition: { ids: 1 } });
    expect((await people('lost'))?.people).toEqual(['bob']);
    await writeFile(file, 'ada\r\nnobody\n');
    expect(await command('cohort', 'put', 'lost', file, '--ids', '--if-version', '1')).toBe('2\n');
    expect((await people('lost'))?.people).toEqual(['ada']);
    expect(await command('cohort', 'list')).toMatch(/buyers +1 .*bought[\s\S]*lost +2 .* 2 ids/);

    await expect(command('cohort', 'put', 'lost', file, '--ids', '--if-version', '1')).rejects.toThrow(
      'at version 2',
    );
    expect(
      (await ask('/api/cohorts/lost', 'PUT', { definition: { any: [{ cohort: 'lost' }] } })).error,
    ).toMatchObject({ code: 'invalid_question' });
    expect(await ask('/api/cohorts/lost', 'DELETE')).toEqual({ success: true, version: 3 });
    expect(
      (await ask('/api/insights/cohort-people', 'POST', { where: [{ cohort: 'lost' }] })).error?.field,
    ).toBe('/where/0/cohort');
  },
  SLOW_MS,
);
