import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDrift } from '../check/check-drift.ts';
import { followPeople } from '../people/follow-people.ts';
import { compareRollups, daysBetween } from '../rollups/compare-rollups.ts';
import { diffSchema } from '../schema/diff-schema.ts';
import { remedyOf } from '../schema/difference.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { makeExposureRow } from '../testing/make-exposure-row.ts';
import { closeRequest, type DeletionRequest, openRequest, openRequests } from './deletion-requests.ts';
import { type ExportedRow, exportPerson } from './export-person.ts';
import { awaitOldParts, settleParts } from './old-parts.ts';
import { personIds } from './person-ids.ts';
import { IMPERSONAL_TABLES, TOUCHED_TABLES } from './person-tables.ts';
import { leftOfPerson, removePerson } from './remove-person.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const UNTIL = Date.now() + 60_000;
/** Bytes that nothing else on the machine has. */
const mark = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;

const insert = (rows: readonly object[], table = 'events') =>
  engine.admin.insertRows(table, encodeRows(rows), { token: randomUUID() });
let number = 0;
const row = (fields: object) =>
  makeEventRow(number++, {
    timestamp: NOON,
    received_at: NOON,
    anonymous_id: '',
    message_id: randomUUID(),
    ...fields,
  });

function filesWith(text: string, folder = engine.dataDir): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return filesWith(text, path);
    try {
      return readFileSync(path).includes(text) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** The tables in which any column of any row says it. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await engine.admin.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'millrace' AND engine LIKE '%MergeTree' OR database = 'millrace' AND engine = 'Dictionary'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [answer] = await engine.admin.query<{ n: number }>(
      `SELECT countIf(position(toString(tuple(*)), {text:String}) > 0) AS n FROM ${name}`,
      { params: { text } },
    );
    if (Number(answer?.n) > 0) found.push(name);
  }
  return found;
}

async function remove(request: DeletionRequest): Promise<DeletionRequest> {
  const removed = await removePerson(engine.admin, request);
  await settleParts(engine.admin);
  await closeRequest(engine.admin, removed);
  return removed;
}

async function differences() {
  return compareRollups(engine.admin, await daysBetween(engine.admin, { from: 0, to: Date.now() + DAY_MS }));
}

it('knows every table: each is searched, or holds nothing of people', async () => {
  const tables = await engine.admin.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'millrace' AND engine LIKE '%MergeTree'",
  );
  const known = new Set([...TOUCHED_TABLES, ...IMPERSONAL_TABLES]);
  expect(tables.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

it('removes all that is of a person, and nothing of anybody else', async () => {
  const [device, ada, bob, secret] = [mark('device'), mark('ada'), mark('bob'), mark('secret')];
  const shared = mark('shared');
  await insert([
    row({ anonymous_id: device, properties: { note: secret }, revenue: 5 }),
    row({ type: 'identify', event: '$identify', anonymous_id: device, user_id: ada, traits: { name: secret } }),
    row({ type: 'identify', event: '$identify', anonymous_id: shared, user_id: ada, timestamp: NOON - 2 * DAY_MS }),
    // Bob used Ada's device: his events stay, without its id.
    row({ type: 'identify', event: '$identify', anonymous_id: shared, user_id: bob, timestamp: NOON - DAY_MS }),
    row({ event: 'Bought', anonymous_id: shared, user_id: bob, revenue: 7 }),
    row({ event: 'Bought', user_id: ada, message_id: `order-${secret}`, session_id: secret }),
    makeExposureRow(number++, { unit: device, variant: 'b' }, { anonymous_id: '', user_id: mark('server'), timestamp: NOON, received_at: NOON, message_id: randomUUID() }),
    row({ user_id: mark('carol'), revenue: 1 }),
  ]); // biome-ignore format: a table
  const refused = (payload: string) => ({ project_id: 1, message_id: '', reason: 'invalid_event', detail: 'd', received_at: NOON, payload, log_id: 'r', log_offset: number++, log_index: 0 }); // biome-ignore format: a row
  await insert(
    [
      refused(JSON.stringify({ userId: ada, text: secret })),
      refused(JSON.stringify([{ batch: [{ anonymousId: device }] }])),
      refused(`{"user_id":"${ada.replace('a', '\\u0061')}","cut`),
      refused(JSON.stringify({ userId: bob, text: `says ${bob} of nobody` })),
      refused(JSON.stringify({ userId: `${ada}2` })),
    ],
    'rejected_events',
  );
  const people = followPeople({ client: engine.admin, intervalMs: 600_000, log: () => {} });
  await people.look();
  const person = await personIds(engine.admin, 1, device);
  expect(person.ids).toEqual([ada, device, shared].sort());

  const exported: ExportedRow[] = [];
  for await (const one of exportPerson(engine.admin, person)) exported.push(one);
  const ofTable = (name: string) => exported.filter(({ table }) => table === name);
  expect(ofTable('events')).toHaveLength(7);
  expect(ofTable('rejected_events')).toHaveLength(3);
  expect(ofTable('identity_links')).toHaveLength(3);
  expect(ofTable('exposures')).toMatchObject([{ row: { unit: device, variant: 'b' } }]);

  for (const text of [device, ada, secret, shared]) expect(await tablesWith(text)).not.toEqual([]);
  const request = await openRequest(engine.admin, person, UNTIL);
  const [open] = await openRequests(engine.admin);
  expect(open).toMatchObject({ requestId: request.requestId, ids: person.ids, state: 'requested' });
  const removed = await removePerson(engine.admin, request);
  expect((await awaitOldParts(engine.admin, 60_000)).isGone).toBe(true);
  await settleParts(engine.admin);
  await closeRequest(engine.admin, removed);
  expect(removed.detail.removed).toMatchObject({ events: 5, 'events that name them': 2, rejected_events: 3, identity_links: 3, exposures: 1, person_override_versions: 2 }); // biome-ignore format: short

  await people.look();
  for (const text of [device, ada, secret, shared]) {
    expect(await tablesWith(text.replace(`${ada}2`, '')), text).toEqual(
      text === ada ? ['rejected_events'] : [],
    );
  }
  expect(await engine.admin.query('SELECT user_id, anonymous_id, toFloat64(revenue) AS revenue FROM events ORDER BY revenue, timestamp')).toMatchObject([
    { user_id: bob, anonymous_id: '', revenue: 0 },
    { revenue: 1 },
    { user_id: bob, anonymous_id: '', revenue: 7 },
  ]); // biome-ignore format: a table
  expect(await differences()).toEqual([]);
  expect(await engine.admin.query('SELECT count() AS n FROM message_ids')).toEqual([{ n: 7 }]);
  expect(await openRequests(engine.admin)).toEqual([]);
  for (const text of [device, secret, shared]) expect(filesWith(text), text).toEqual([]);
  await people.close();
});

it('is gone on with after it was cut off, with the days of what is gone already', async () => {
  const [eve, other] = [mark('eve'), mark('other')];
  await insert([
    row({ user_id: eve }),
    row({ user_id: other }),
    row({ user_id: eve, timestamp: NOON - 3 * DAY_MS }),
  ]);
  const request = await openRequest(engine.admin, { projectId: 1, ids: [eve] }, UNTIL);
  // Ends after the rows went and before the rollups were made anew.
  const dying = { ...engine.admin, command: async (sql: string, options?: object) => {
    if (sql.startsWith('DROP TABLE IF EXISTS')) throw new Error('killed');
    await engine.admin.command(sql, options);
  } }; // biome-ignore format: short
  await expect(removePerson(dying, request)).rejects.toThrow('killed');
  expect((await differences()).length).toBeGreaterThan(0);
  const [open] = await openRequests(engine.admin);
  if (!open) throw new Error('no request');
  expect(open.state).toBe('deleting');
  // What the deletion set on the tables says how it is mended, and is gone at its end.
  const drift = async () => (await diffSchema({ client: engine.admin })).differences;
  const left = await drift();
  expect(left.length).toBeGreaterThan(TOUCHED_TABLES.length);
  for (const one of left) expect(remedyOf(one)).toContain('millrace person resume');
  expect(await checkDrift(engine.admin)).toMatchObject([
    { code: 'deletion_open', fix: expect.stringContaining('millrace person resume') },
  ]);
  await remove(open);
  expect(await drift()).toEqual([]);
  expect(await differences()).toEqual([]);
  expect(await tablesWith(eve)).toEqual([]);
  expect(await tablesWith(other)).toContain('events');
});

it('leaves what was made and received after the deletion', async () => {
  const id = mark('again');
  const later = UNTIL + 1;
  await insert([row({ user_id: id }), row({ user_id: id, timestamp: later, received_at: later })]);
  const request = await openRequest(engine.admin, { projectId: 1, ids: [id] }, UNTIL);
  await remove(request);
  expect(await leftOfPerson(engine.admin, request)).toEqual({});
  expect(await engine.admin.query(`SELECT count() AS n FROM events WHERE user_id = '${id}'`)).toEqual([
    { n: 1 },
  ]);
});

it('keeps the counts of other projects whose raw rows have expired', async () => {
  const id = mark('old');
  const old = { timestamp: NOON - 40 * DAY_MS, received_at: NOON };
  await insert([
    row({ ...old, project_id: 8, retention_days: 30, user_id: 'x' }),
    row({ ...old, project_id: 9, user_id: id }),
    row({ ...old, project_id: 9, user_id: 'y' }),
  ]);
  await engine.admin.command('OPTIMIZE TABLE events FINAL');
  await remove(await openRequest(engine.admin, { projectId: 9, ids: [id] }, UNTIL));
  expect(
    await engine.admin.query('SELECT project_id, sum(events) AS n FROM events_15m WHERE project_id IN (8, 9) GROUP BY project_id ORDER BY project_id'),
  ).toEqual([{ project_id: 8, n: 1 }, { project_id: 9, n: 1 }]); // biome-ignore format: short
});

it('refuses ids that stand for nobody', async () => {
  for (const id of ['', 'null', ' Guest ', '[object Object]']) {
    await expect(personIds(engine.admin, 1, id)).rejects.toMatchObject({ code: 'invalid_id', field: 'id' });
  }
});
