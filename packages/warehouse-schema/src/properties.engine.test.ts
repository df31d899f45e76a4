import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './testing/engine.ts';
import { makeEventRow } from './testing/make-event-row.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

/** Stores `json` as the properties of one event and reads `expression` of it. */
async function store(json: string, expression: string): Promise<unknown> {
  const row = { ...makeEventRow(1), message_id: json, properties: null };
  const bytes = Buffer.from(`${JSON.stringify(row).replace('"properties":null', `"properties":${json}`)}\n`);
  await engine.admin.insertRows('events', [bytes], { token: json });
  const [found] = await engine.reader.query<{ v: unknown }>(
    `SELECT ${expression} AS v FROM events WHERE message_id = {id:String}`,
    { params: { id: json } },
  );
  return found?.v;
}

it.each([
  ['{"a.b":1}', 'properties.`a%2Eb`', 1],
  ['{"a":{"b":2},"a.b":1}', 'properties.a.b', 2],
  ['{"a%2Eb":4}', 'properties.`a%2Eb`', 4],
  ['{"a%2Eb":4}', "position(toJSONString(properties), 'a.b') > 0", true],
  ['{"n":null}', 'properties.n', null],
  ['{"o":{}}', "has(JSONAllPaths(properties), 'o')", false],
  ['{"list":[null,1]}', 'toString(properties.list)', '[NULL,1]'],
  ['{"big":9007199254740993}', 'toString(properties.big)', '9007199254740993'],
  ['{"other":1}', 'position(toJSONString(properties), \'"product_id":null\') > 0', true],
])('of the properties %s, %s is %j', async (json, expression, expected) => {
  const got = await store(json, expression);
  expect(typeof expected === 'boolean' ? Boolean(got) : got).toBe(expected);
});
