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
let serverKey: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-definitions-'));
  millrace = await startMillrace({ dataDir });
  serverKey = /sk_\w+/.exec(await command('key', 'create', '--server'))?.[0] ?? '';
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

const document = (green: string) => ({
  format: 1,
  version: 0,
  attributes: { score: { serverOnly: true } },
  experiments: {
    checkout: {
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 1,
          trafficSalt: 'checkout-traffic',
          variantSalt: 'checkout-variant',
          traffic: { start: 0, end: 10_000 },
          variants: [
            { start: 0, end: 5_000, variant: 'control' },
            { start: 5_000, end: 10_000, variant: 'green' },
          ],
        },
      ],
    },
  },
  flags: {
    color: {
      type: 'string',
      enabled: true,
      default: 'grey',
      rules: [{ experiment: 'checkout', values: { control: 'blue', green } }],
    },
    credit: {
      type: 'boolean',
      enabled: true,
      default: false,
      rules: [{ if: { attribute: 'score', op: 'gt', value: 700 }, value: true }],
    },
  },
});

async function put(green: string): Promise<void> {
  const file = join(dataDir, 'definitions.json');
  await writeFile(file, JSON.stringify(document(green)));
  await command('definitions', 'put', file, '--author', 'ada');
}

const get = (key: string, headers: Record<string, string> = {}) =>
  fetch(`${millrace.url}/v1/definitions?writeKey=${key}`, { headers });

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${millrace.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}

/** What of the answers is looked into. */
interface Answer {
  flags?: Record<string, { value: unknown }>;
  variant_id?: string;
  variant_config?: unknown;
}

/** What the stream says next. */
async function heard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value } = await reader.read();
  return new TextDecoder().decode(value);
}

async function sql<Row>(query: string): Promise<Row[]> {
  const response = await fetch(`${millrace.url}/sql`, { method: 'POST', body: query });
  return ((await response.json()) as { data: Row[] }).data;
}

it(
  'a change is pushed, served under a new ETag, and evaluated alike by every way',
  async () => {
    const before = await get('wk_demo');
    expect(await before.json()).toMatchObject({ version: 0, flags: {}, experiments: {} });

    const stream = await fetch(`${millrace.url}/v1/definitions/stream?writeKey=wk_demo`);
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    expect(await heard(reader)).toContain('event: definitions\ndata: {"version":0}\n\n');
    await put('lime');
    expect(await heard(reader)).toBe('event: definitions\ndata: {"version":1}\n\n');

    const first = await get('wk_demo', { 'if-none-match': before.headers.get('etag') ?? '' });
    expect(first.status).toBe(200);
    const text = await first.text();
    expect(JSON.parse(text)).toMatchObject({ version: 1, remote: ['credit'] });
    expect(text).not.toContain('score');
    expect(await (await get(serverKey)).text()).toContain('score');
    const etag = first.headers.get('etag') ?? '';
    expect((await get('wk_demo', { 'if-none-match': etag })).status).toBe(304);

    await put('mint');
    expect(await heard(reader)).toBe('event: definitions\ndata: {"version":2}\n\n');
    const second = await get('wk_demo', { 'if-none-match': etag });
    expect([second.status, (await second.json()).version]).toEqual([200, 2]);

    const ids = Array.from({ length: 20 }, (_, i) => `visitor-${i}`);
    const values = new Set<unknown>();
    for (const anonymousId of ids) {
      const attributes = { score: 800 };
      const answer = await post('/v1/evaluate', { writeKey: 'wk_demo', units: { anonymousId }, attributes });
      const { color, credit } = answer.flags ?? {};
      const bearer = { authorization: 'Bearer wk_demo' };
      const context = { targetingKey: anonymousId, ...attributes };
      const remote = (key: string) => post(`/ofrep/v1/evaluate/flags/${key}`, { context }, bearer);
      expect(await remote('color')).toMatchObject({ status: 200, value: color?.value, reason: 'SPLIT' });
      expect(await remote('credit')).toMatchObject({ status: 200, value: credit?.value });
      expect(credit?.value).toBe(true);
      values.add(color?.value);
    }
    expect([...values].sort()).toEqual(['blue', 'mint']);
    await reader.cancel();
  },
  SLOW_MS,
);

it(
  'an assignment that is asked for over and over is one exposure in the warehouse',
  async () => {
    const ask = (user: string) => post('/assign', { user_id: user, test_id: 'checkout' });
    const first = await ask('ada');
    expect(first).toMatchObject({ status: 200, success: true, test_id: 'checkout', reason: 'split' });
    const again = await Promise.all([ask('ada'), ask('ada')]);
    expect(again).toEqual([first, first]);
    await waitFor(async () => (await exposures()).length === 1);

    // By then the loader has seen all that was recorded before.
    expect(await ask('ada')).toEqual(first);
    await ask('berta');
    await waitFor(async () => (await exposures()).some(({ unit }) => unit === 'berta'));
    expect((await exposures()).filter(({ unit }) => unit === 'ada')).toEqual([
      { unit: 'ada', variant: first.variant_id, experiment: 'checkout' },
    ]);
    expect(await sql('SELECT reason, detail FROM rejected_events')).toEqual([]);
  },
  SLOW_MS,
);

it('a test that was created can be assigned at once, and keeps what was there', async () => {
  const variants = [
    { id: 'control', config: { steps: 3 } },
    { id: 'short', config: { steps: 1 } },
  ];
  const key = { authorization: `Bearer ${serverKey}` };
  const test = await post('/tests', { name: 'Sign-up', variants, traffic_allocation: 1 }, key);
  expect(test).toMatchObject({ status: 201, test_id: 'sign_up', variants });
  const { variant_id, variant_config } = await post('/assign', { user_id: 7, test_id: 'sign_up' }, key);
  expect(variants).toContainEqual({ id: variant_id, config: variant_config });
  expect(await (await get(serverKey)).json()).toMatchObject({ version: 3, experiments: { checkout: {} } });
  expect(await command('definitions', 'history')).toMatch(/POST \/tests.*Sign-up/);
});

it(
  "a server's SDK follows the definitions, and gives every unit what /v1/evaluate gives it",
  async () => {
    const { createAnalytics } = (await import(
      '../packages/node-sdk/dist/index.js' as string
    )) as typeof import('../packages/node-sdk/src/index.ts');
    const analytics = createAnalytics({
      writeKey: serverKey,
      host: millrace.url,
      flushAtExit: false,
      variants: {},
    });
    const changed = (): Promise<unknown> =>
      new Promise((resolve) => {
        analytics.on('definitions', resolve);
      });
    try {
      expect(await analytics.variantsReady()).toBe(true);
      const news = changed();
      await put('teal');
      const pushed = await news;
      expect(await (await get(serverKey)).json()).toMatchObject(pushed as object);
      const ids = Array.from({ length: 100 }, (_, i) => `visitor-😀-${i}`);
      for (const anonymousId of ids) {
        const attributes = { score: 800 };
        const answer = await post('/v1/evaluate', {
          writeKey: 'wk_demo',
          units: { anonymousId },
          attributes,
        });
        const visitor = analytics.for({ anonymousId, attributes });
        expect(visitor.getFlag('color', 'none')).toBe(answer.flags?.color?.value);
        expect(visitor.getFlag('credit', false)).toBe(true);
      }
      expect(await analytics.flush()).toBe(true);
      const ours = "event = '$exposure' AND startsWith(anonymous_id, 'visitor-😀-')";
      await waitFor(async () => {
        const [row] = await sql<{ n: number }>(`SELECT count() AS n FROM events WHERE ${ours}`);
        return (row?.n ?? 0) >= ids.length;
      }, 30_000);
      expect(
        await sql(`SELECT count() AS n, uniqExact(anonymous_id) AS units FROM events WHERE ${ours}`),
      ).toEqual([{ n: 100, units: 100 }]);
      // Every one of them is what SQL makes of the same definitions.
      await waitFor(async () => {
        const [row] = await sql<{ n: number }>(
          "SELECT countIf(matches) AS n FROM assignment_audit WHERE startsWith(unit, 'visitor-😀-')",
        );
        return row?.n === ids.length;
      }, 30_000);
    } finally {
      await analytics.close();
    }
  },
  SLOW_MS,
);

async function exposures(): Promise<{ unit: string; variant: string; experiment: string }[]> {
  return sql(
    `SELECT properties.unit AS unit, properties.variant AS variant, properties.experiment AS experiment
     FROM events WHERE event = '$exposure'`,
  );
}
