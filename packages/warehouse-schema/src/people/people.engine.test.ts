import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Follower } from '../background/follow.ts';
import { compareRollups, rebuildRollups } from '../rollups/compare-rollups.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { type LinkEvent, peopleOracle } from '../testing/people-oracle.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { followPeople } from './follow-people.ts';

let engine: TestEngine;
let people: Follower;
const problems: string[] = [];
beforeAll(async () => {
  engine = await startTestEngine();
  people = followPeople({
    client: engine.admin,
    intervalMs: 600_000,
    log: (line) => problems.push(line),
  });
  await people.look();
});
afterAll(async () => {
  await people.close();
  await engine.close();
  expect(problems).toEqual([]);
});

let projectId = 100;
beforeEach(() => {
  projectId += 1_000;
});

const NOON = Date.UTC(2026, 10, 20, 12);
const insert = (rows: readonly object[], token: string = randomUUID()) =>
  engine.admin.insertRows('events', encodeRows(rows), { token });
let row = 0;
const rowOf = (project_id: number, event: Partial<LinkEvent> & Pick<LinkEvent, 'type'>) => {
  row += 1;
  return makeEventRow(row, { project_id, event: `$${event.type}`, anonymous_id: '', ...event });
};
const identify = (anonymous_id: string, user_id: string, at: number): LinkEvent => ({
  type: 'identify',
  anonymous_id,
  previous_id: '',
  user_id,
  timestamp: NOON + at,
});
const alias = (previous_id: string, user_id: string, at: number, anonymous_id = 'd'): LinkEvent => ({
  type: 'alias',
  anonymous_id,
  previous_id,
  user_id,
  timestamp: NOON + at,
});

/** As the reader sees it, through the dictionary. */
async function personOf(id: string, project = projectId): Promise<string | undefined> {
  const [found] = await engine.reader.query<{ person: string }>(
    `SELECT dictGetOrDefault('person_overrides', 'person_id', (toUInt32({project:UInt32}), {id:String}), {id:String}) AS person`,
    { params: { project, id } },
  );
  return found?.person;
}

async function overrides(project: number): Promise<Map<string, string>> {
  const rows = await engine.reader.query<{ distinct_id: string; person_id: string }>(
    'SELECT distinct_id, person_id FROM person_overrides WHERE project_id = {project:UInt32}',
    { params: { project } },
  );
  return new Map(rows.map(({ distinct_id, person_id }) => [distinct_id, person_id]));
}

const sorted = (map: Map<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const POOL = ['a1', 'a2', 'a3', 'ä4', 'both', 'u1', 'u2', 'u3', 'u4', '😀', '\uffee'];
const NOBODIES = ['', 'null', ' Guest ', '[object Object]', '0'];

it('says the same as the rules in words, whatever the order, the batches and the repetitions of links', async () => {
  const seed = randomBytes(4).readUInt32LE();
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const id = () => (random() < 0.05 ? pick(NOBODIES) : pick(POOL));
  for (let round = 0; round < 2; round++) {
    const projects = new Map<number, LinkEvent[]>();
    for (let project = 0; project < 60; project++) {
      const isLinked = random() < 0.7;
      const pool = Array.from({ length: 1 + Math.floor(random() * 9) }, (): LinkEvent => {
        const at = Math.floor(random() * 4) * (random() < 0.5 ? 1 : 20_000_000);
        if (isLinked && random() < 0.4) return alias(id(), id(), at, id());
        return identify(id(), id(), at);
      });
      projects.set(projectId + round * 100 + project, pool);
    }
    const arriving = [...projects].flatMap(([project, events]) =>
      [...events, ...events.filter(() => random() < 0.3)].map((event) => ({ project, event, at: random() })),
    );
    arriving.sort((a, b) => a.at - b.at);
    while (arriving.length > 0) {
      const batch = arriving.splice(0, 1 + Math.floor(random() * 120));
      await insert(batch.map(({ project, event }) => rowOf(project, event)));
      if (random() < 0.6) await people.look();
    }
    await people.look();
    for (const [project, events] of projects) {
      expect(
        sorted(await overrides(project)),
        `seed ${seed}, project ${project}: ${JSON.stringify(events)}`,
      ).toEqual(sorted(peopleOracle(events)));
    }
  }
});

it('finds nothing to change when links come again', async () => {
  const rows = [identify('a', 'u', 5), alias('u', 'v', 6)].map((event) => rowOf(projectId, event));
  await insert(rows);
  expect(await people.look()).toBe(2);
  await insert(rows.map((one) => ({ ...one, message_id: `${one.message_id} again` })));
  expect(await people.look()).toBe(0);
  expect(await personOf('a')).toBe('u');
});

it('a late identify of an earlier time takes the device over, and a user is never somebody else’s device', async () => {
  await insert([rowOf(projectId, identify('device', 'bob', 100))]);
  await people.look();
  expect(await personOf('device')).toBe('bob');
  await insert([rowOf(projectId, identify('device', 'ada', 50))]);
  await people.look();
  expect(await personOf('device')).toBe('ada');
  expect(await personOf('bob')).toBe('bob');
  await insert([rowOf(projectId, identify('other', 'device', 70))]);
  await people.look();
  expect([await personOf('device'), await personOf('other')]).toEqual(['device', 'device']);
});

it('aliases make chains and cycles one person, and the device of each comes along', async () => {
  const chain = Array.from({ length: 12 }, (_, n) => alias(`u${n}`, `u${(n + 1) % 12}`, 1000 + n));
  await insert(Array.from({ length: 12 }, (_, n) => rowOf(projectId, identify(`d${n}`, `u${n}`, 500 - n))));
  await people.look();
  for (const event of chain) {
    await insert([rowOf(projectId, event)]);
    if (event.timestamp % 7 === 0) await people.look();
  }
  await people.look();
  const found = await overrides(projectId);
  expect(new Set(found.values())).toEqual(new Set(['u11']));
  expect(found.size).toBe(23);
});

it('an alias of the device itself gives it to one user, and joins none', async () => {
  await insert([alias('kiosk', 'ada', 1, 'kiosk'), alias('kiosk', 'bob', 2, 'kiosk')].map((one) => rowOf(projectId, one)));
  await people.look();
  expect(sorted(await overrides(projectId))).toEqual([['kiosk', 'ada']]);
}); // biome-ignore format: short

it('ids of one project say nothing of another', async () => {
  await insert([rowOf(projectId, identify('same', 'ada', 1)), rowOf(projectId + 1, identify('same', 'bob', 1))]);
  await people.look();
  expect([await personOf('same'), await personOf('same', projectId + 1)]).toEqual(['ada', 'bob']);
  expect(await personOf('same', projectId + 2)).toBe('same');
}); // biome-ignore format: short

it('links that the view never got are found by the comparison, and people follow their repair', async () => {
  await insert([rowOf(projectId, identify('lost', 'ada', 1)), rowOf(projectId, identify('lost', 'bob', 9))]);
  await engine.admin.command(
    `ALTER TABLE identity_links DELETE WHERE project_id = ${projectId} AND to_id = 'ada' SETTINGS mutations_sync = 2`,
  );
  await people.look();
  expect(await personOf('lost')).toBe('bob');
  const days = { event_days: ['2026-11-20'], arrival_days: [] };
  const differences = (await compareRollups(engine.admin, days)).filter(
    ({ rollup }) => rollup === 'identity_links',
  );
  expect(differences).toEqual([
    {
      rollup: 'identity_links',
      project_id: projectId,
      day: '2026-11-20',
      missing: 1,
      surplus: 0,
      buckets: 1,
    },
  ]);
  await rebuildRollups(engine.admin, differences);
  await people.look();
  expect(await personOf('lost')).toBe('ada');
});

it('links that are gone are forgotten at the next sweep', async () => {
  await insert([rowOf(projectId, identify('gone', 'ada', 1))]);
  await people.look();
  expect(await personOf('gone')).toBe('ada');
  await engine.admin.command(
    `ALTER TABLE identity_links DELETE WHERE project_id = ${projectId} SETTINGS mutations_sync = 2`,
  );
  await engine.admin.command('TRUNCATE TABLE person_runs');
  await people.look();
  expect(await personOf('gone')).toBe('gone');
});

it('of several that follow, one works; another goes on where it ended, and a crash of ClickHouse changes nothing', async () => {
  const second = followPeople({ client: engine.admin, intervalMs: 600_000, log: () => {} });
  await insert([rowOf(projectId, identify('x', 'ada', 9))]);
  const changed = await Promise.all([people.look(), second.look()]);
  expect(Math.max(...changed)).toBe(1);
  await insert([rowOf(projectId, identify('x', 'bob', 3))]);
  expect(await second.look()).toBe(1);
  expect(await people.look()).toBe(0);
  await engine.restart('SIGKILL');
  expect(await personOf('x')).toBe('bob');
  await second.close();
});
