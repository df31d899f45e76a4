import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { expect, it } from 'vitest';
import { createFixture } from '../testing/collector-fixture.ts';
import { SAMPLE } from '../testing/sample-definitions.ts';

/** JSON of one value, put together by hand: what is nested this deep no stringify can write. */
const STRANGE = [
  'null',
  'true',
  '0',
  '1e400',
  '-1',
  '""',
  '"a"',
  '"__proto__"',
  '"\\ud800"',
  '"\\u0000"',
  `"${'é'.repeat(20_000)}"`,
  '[]',
  '[null]',
  '{}',
  '{"id":"a"}',
  '[{"id":"a"},{"id":"\\ud800","config":{"a":"\\u0000"}}]',
  '{"__proto__":{"variant":1}}',
  '{"checkout":{"variant":"treatment","phase":2}}',
  '{"anonymousId":"user-2","userId":null}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
];

const ROUTES: { [path: string]: string[] } = {
  '/v1/evaluate': ['units', 'attributes', 'keys', 'sticky'],
  '/ofrep/v1/evaluate/flags': ['context'],
  '/ofrep/v1/evaluate/flags/color': ['context'],
  '/ofrep/v1/evaluate/flags/%E0%A4%A': ['context'],
  '/tests': ['name', 'variants', 'traffic_allocation'],
  '/assign': ['user_id', 'test_id', 'attributes'],
};

const SOUND: { [field: string]: string } = {
  name: '"a test"',
  variants: '[{"id":"a"},{"id":"b"}]',
  user_id: '"ada"',
  test_id: '"checkout"',
  context: '{"targetingKey":"user-2"}',
};

it('is answered, and never with a failure of the server, whatever the body says', async () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random.next() * items.length)] as Item;
  const { post, definitions } = createFixture();
  definitions.put(SAMPLE);
  const answered = new Map<number, number>();
  for (let round = 0; round < 400; round++) {
    const path = pick(Object.keys(ROUTES));
    const members = (ROUTES[path] ?? []).map((field) => {
      const sound = SOUND[field] ?? pick(STRANGE);
      return `"${field}":${random.next() < 0.6 ? sound : pick(STRANGE)}`;
    });
    const body = `{${members.join()}}`;
    const { status } = await post(path, body, { headers: { authorization: 'Bearer sk_test' } });
    expect(status, `seed ${seed}, ${path}: ${body.slice(0, 2_000)}`).toBeLessThan(500);
    answered.set(status, (answered.get(status) ?? 0) + 1);
  }
  expect(answered.get(200), `seed ${seed}`).toBeGreaterThan(0);
  expect(answered.get(400), `seed ${seed}`).toBeGreaterThan(0);
});
