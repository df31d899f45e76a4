import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith } from './support/files-with.ts';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const SLOW_MS = 240_000;

let folder: string;
let millrace: Millrace;
let warehouse: WarehouseClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-person-'));
  millrace = await startMillrace({ dataDir: folder });
  warehouse = await millrace.warehouse();
}, SLOW_MS);
afterAll(async () => {
  await millrace?.stop();
  await rm(folder, { recursive: true, force: true });
}, SLOW_MS);

const mark = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;
const [device, ada, phone, secret] = [mark('device'), mark('ada'), mark('phone'), mark('secret')];
/** Bytes that nothing but this person has. */
const THEIRS = [device, ada, phone, secret];

const sentAt = new Date();
const at = (ms: number) => new Date(sentAt.getTime() - ms).toISOString();
const event = (n: number, fields: object) => ({ messageId: randomUUID(), type: 'track', event: `Event ${n % 7}`, timestamp: at(n * 600_000), ...fields }); // biome-ignore format: short
const exposure = { event: '$exposure', properties: { experiment: 'checkout', phase: 1, variant: 'b', unit: device, unitType: 'anonymousId', bucketingVersion: 1, reason: 'split' } }; // biome-ignore format: short
const batches = [
  Array.from({ length: 40 }, (_, n) => event(n, { anonymousId: device, properties: { note: secret } })),
  [
    event(3, { type: 'identify', anonymousId: device, userId: ada, traits: { name: secret } }),
    event(2, { type: 'alias', previousId: phone, userId: ada }),
    event(1, { anonymousId: device, ...exposure }),
    event(5, { userId: ada, messageId: `order of ${secret}` }),
    event(4, { userId: ada, timestamp: '1999-01-01', properties: { note: secret } }),
    event(4, { userId: ada, timestamp: 'no time', properties: { note: secret } }),
    event(6, { anonymousId: device, userId: 'bob', properties: { bought: 1 } }),
  ],
  Array.from({ length: 60 }, (_, n) => event(n, { userId: `other-${n % 9}` })),
];
const OTHERS = 61;

async function sendAll(): Promise<void> {
  for (const batch of batches) {
    const answer = await fetch(`${millrace.url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey: millrace.writeKey, sentAt: sentAt.toISOString(), batch, verdicts: 1 }),
    });
    expect(await answer.json()).toMatchObject({ success: true });
  }
}

const filesWithThem = () => filesWith(folder, THEIRS);

/** The tables of any database in which a column of a row has any of it. */
async function tablesWithThem(): Promise<string[]> {
  const tables = await warehouse.query<{ name: string }>(
    "SELECT concat(database, '.', name) AS name FROM system.tables WHERE database = 'millrace' AND (engine LIKE '%MergeTree' OR engine = 'Dictionary')",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [answer] = await warehouse.query<{ n: number }>(
      `SELECT countIf(multiSearchAny(toString(tuple(*)), {texts:Array(String)})) AS n FROM ${name}`,
      { params: { texts: THEIRS } },
    );
    if (Number(answer?.n) > 0) found.push(name);
  }
  return found;
}

const count = async (table: string) =>
  Number((await warehouse.query<{ n: number }>(`SELECT count() AS n FROM ${table}`))[0]?.n);
const command = (...args: string[]) =>
  run(process.execPath, [MAIN, ...args], { env: { ...millrace.env, MILLRACE_DATA: folder } });
const reconcile = async () =>
  JSON.parse((await command('reconcile', '--json')).stdout) as { isExact: boolean };

it(
  'deletes a person whom a kill interrupts, and no retry, restart or repair brings them back',
  async () => {
    await sendAll();
    await waitFor(
      async () => (await count('events')) === 44 + OTHERS && (await count('rejected_events')) === 2,
    );
    expect((await filesWithThem()).some((file) => file.startsWith('spool/'))).toBe(true);

    const id = encodeURIComponent(phone);
    const exported = (await (await fetch(`${millrace.url}/api/people/${id}/export`)).text())
      .trim()
      .split('\n');
    const tables = exported.map((line) => (JSON.parse(line) as { table: string }).table);
    const ofTable = (name: string) => tables.filter((table) => table === name).length;
    expect([ofTable('events'), ofTable('rejected_events'), ofTable('exposures')]).toEqual([45, 2, 1]);

    const shown = await command('person', 'delete', phone).catch((error: { stderr: string }) => error);
    for (const one of [device, ada, phone]) expect(shown.stderr).toContain(one);
    expect(await count('events')).toBe(44 + OTHERS);

    // Killed at some moment after it has begun, the deletion is known to the next one.
    const dying = spawn(process.execPath, [MAIN, 'person', 'delete', ada, '--yes'], {
      env: { ...millrace.env, MILLRACE_DATA: folder },
      stdio: 'ignore',
    });
    await waitFor(async () => (await count('person_deletions')) >= 1 + (randomBytes(1).readUInt8() % 2));
    dying.kill('SIGKILL');
    await once(dying, 'exit');
    const [report] = JSON.parse((await command('person', 'resume', '--json')).stdout) as [
      { removed: object },
    ];
    expect(report.removed).toMatchObject({ events: 44, 'events that name them': 1, rejected_events: 2 });

    const isGone = async () => {
      expect(await tablesWithThem()).toEqual([]);
      expect(await filesWithThem()).toEqual([]);
      expect(await count('events')).toBe(OTHERS);
      expect(await count('rejected_events')).toBe(0);
      expect((await warehouse.query('SELECT sum(events) AS n FROM events_15m'))[0]).toEqual({ n: OTHERS });
      expect(await reconcile()).toMatchObject({ isExact: true });
    };
    await isGone();

    // As an SDK that was never answered would: the same bytes again, before and after a new start.
    await sendAll();
    await millrace.stop();
    millrace = await startMillrace({ dataDir: folder, env: millrace.env });
    warehouse = await millrace.warehouse();
    await sendAll();
    const late = event(0, { messageId: 'late', userId: 'other-0' });
    batches.splice(0, batches.length, [late]);
    await sendAll();
    await waitFor(async () => (await count('events')) === OTHERS + 1);
    await command('reconcile', '--repair');
    await warehouse.command(
      "ALTER TABLE events DELETE WHERE message_id = 'late' SETTINGS mutations_sync = 2",
    );
    expect(await tablesWithThem()).toEqual([]);
    expect(await filesWithThem()).toEqual([]);
    expect(await count('events')).toBe(OTHERS);
    expect(await count('rejected_events')).toBe(0);

    const again = await fetch(`${millrace.url}/api/people/${id}`, { method: 'DELETE' });
    expect(await again.json()).toMatchObject({ success: true, ids: 1, removed: { events: 0 } });
    const refused = await fetch(`${millrace.url}/api/people/null`, { method: 'DELETE' });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'invalid_id' } }]);
  },
  SLOW_MS,
);
