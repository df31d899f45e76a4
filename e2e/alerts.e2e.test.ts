import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';
import {
  expectedSignature,
  type Received,
  startWebhookReceiver,
  type WebhookReceiver,
} from './support/webhook-receiver.ts';

const SLOW_MS = 120_000;
const STEP_MS = 30_000;

let dataDir: string;
let receiver: WebhookReceiver;
let millrace: Millrace;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-alerts-'));
  receiver = await startWebhookReceiver();
  millrace = await startMillrace({ dataDir, settings: { MILLRACE_WEBHOOK_HOSTS: receiver.host } });
}, SLOW_MS);

afterAll(async () => {
  await millrace?.stop();
  receiver?.close();
  await rm(dataDir, { recursive: true, force: true });
}, SLOW_MS);

/** What of an answer is looked into. */
interface Answer {
  secret?: string;
  error?: { message: string };
  status?: { state: string; evaluatedAt?: string };
  firings?: { began: string; ended: string | null }[];
  deliveries?: { kind: string; delivered: string | null }[];
}

async function ask(path: string, method = 'GET', body?: unknown): Promise<Answer> {
  const response = await fetch(`${millrace.url}/api/alerts/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

/** What `millrace alert` prints. */
async function command(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [MAIN, 'alert', ...args], { env: millrace.env });
}

async function send(event: string, count: number, fields: object = {}): Promise<void> {
  const batch = Array.from({ length: count }, (_, n) => ({
    type: 'track',
    anonymousId: `ada-${n}`,
    event,
    ...fields,
  }));
  const answer = await fetch(`${millrace.url}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: millrace.writeKey, batch, verdicts: 1 }),
  });
  expect(answer.status).toBe(200);
}

/** Sends an event again and again, so that the newest is fresh whenever it is looked at. */
function keepSending(event: string): () => Promise<void> {
  let sending = true;
  const done = (async () => {
    while (sending) {
      await send(event, 1);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return () => {
    sending = false;
    return done;
  };
}

async function definitions(text: string, values: unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: await millrace.definitionsUrl() });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}

const stateOf = async (alert: string) => (await ask(alert)).status?.state;

/** Brings the next look at the data forward, which is a day away, and gives what it came to. */
async function look(alert: string): Promise<string | undefined> {
  const before = (await ask(alert)).status?.evaluatedAt;
  await definitions('UPDATE alert_states SET next_at = now() WHERE alert = $1', [alert]);
  await waitFor(async () => (await ask(alert)).status?.evaluatedAt !== before, STEP_MS);
  return stateOf(alert);
}

async function lookUntil(alert: string, state: string): Promise<void> {
  await waitFor(async () => (await stateOf(alert)) !== 'unknown', STEP_MS);
  await waitFor(async () => (await stateOf(alert)) === state || (await look(alert)) === state, STEP_MS);
}

const trends = { range: { last: '24 hours' }, series: [{ event: 'purchase' }] };
const CONDITIONS = {
  // Three seconds.
  quiet: { kind: 'freshness', event: 'heartbeat', minutes: 0.05 },
  refused: { kind: 'rejected', share: 0.2, atLeast: 10 },
  sales: {
    kind: 'insight',
    insight: 'trends',
    question: trends,
    pointer: '/result/lines/0/total',
    below: 5,
  },
};
const ALERTS = Object.keys(CONDITIONS);

/** Every message of a type once: whatever came more than once was the same, to the byte. */
function told(type: string): Map<string, Received> {
  const byId = new Map<string, Received>();
  for (const one of receiver.got.filter(({ message }) => message.type === type)) {
    const { id } = one.message.data;
    expect(one.headers['webhook-id']).toBe(id);
    expect(one.body).toBe(byId.get(id)?.body ?? one.body);
    byId.set(id, one);
  }
  const alerts = [...byId.values()].map((one) => [one.message.data.alert, one] as const);
  expect(new Set(alerts.map(([alert]) => alert)).size).toBe(alerts.length);
  return new Map(alerts);
}

it(
  'rules over the real data tell a webhook that they fire and that it is over, each once, over a kill of the server',
  async () => {
    await send('heartbeat', 9);
    await send('purchase', 1);
    await send('heartbeat', 6, { timestamp: '1999-01-01' });
    const warehouse = await millrace.warehouse('reader');
    const rows = async (table: string) =>
      Number((await warehouse.query<{ n: number }>(`SELECT count() AS n FROM ${table}`))[0]?.n);
    await waitFor(async () => (await rows('events')) === 10 && (await rows('rejected_events')) === 6);

    const webhook = { url: `http://${receiver.host}/hook?token=of-ours` };
    const elsewhere = { condition: CONDITIONS.quiet, webhook: { url: 'http://127.0.0.1:9/' } };
    expect((await ask('x', 'PUT', elsewhere)).error?.message).toContain('/webhook/url: 127.0.0.1');
    const file = join(dataDir, 'alert.json');
    const astray = { ...CONDITIONS.sales, pointer: '/result/total' };
    await writeFile(file, JSON.stringify({ condition: astray }));
    await expect(command('put', 'x', file)).rejects.toThrow('/result has intervals, lines');

    // Killed while the receiver holds a message, unanswered.
    let putAll = () => {};
    const areThere = new Promise<void>((resolve) => {
      putAll = resolve;
    });
    let killed: string | undefined;
    receiver.answer = async ({ message: { type, data } }) => {
      if (type !== 'alert.firing' || data.alert !== 'refused' || killed !== undefined) return 204;
      killed = data.id;
      await areThere;
      expect(await millrace.kill('server')).toBe(true);
      // As if the minute had passed for which it held the lease.
      await definitions(`UPDATE alert_lease SET until = 'epoch'`);
      return 500;
    };
    const secrets = new Map<string, string>();
    const { sales, ...others } = CONDITIONS;
    await writeFile(file, JSON.stringify({ every: 1440, condition: sales, webhook }));
    secrets.set('sales', (await command('put', 'sales', file)).stdout.trim());
    for (const [alert, condition] of Object.entries(others)) {
      const { secret = '' } = await ask(alert, 'PUT', { every: 1440, condition, webhook });
      secrets.set(alert, secret);
    }
    expect([...secrets.values()].filter((secret) => secret.startsWith('whsec_'))).toHaveLength(3);
    putAll();

    await waitFor(async () => killed !== undefined, STEP_MS);
    await waitFor(() => receiver.got.filter(({ message }) => message.data.id === killed).length > 1, STEP_MS);
    for (const alert of ALERTS) await lookUntil(alert, 'firing');
    await waitFor(() => told('alert.firing').size === 3, STEP_MS);
    expect(told('alert.firing').get('refused')?.message.data).toMatchObject({ value: 6 / 16, ended: null });
    expect(told('alert.firing').get('sales')?.message.data).toMatchObject({ value: 1, ended: null });
    expect(told('alert.firing').get('quiet')?.message.data.value).toBeGreaterThanOrEqual(0.05);

    // Looked at again, it fires on and is not told again: that would stand in the history at once.
    expect(await Promise.all(ALERTS.map(look))).toEqual(['firing', 'firing', 'firing']);
    for (const alert of ALERTS) {
      expect((await ask(`${alert}/history`)).deliveries).toMatchObject([{ kind: 'firing' }]);
    }
    const tried = await command('test', 'sales');
    expect(tried.stdout).toBe('breach: trends: /result/lines/0/total is 1; breached below 5.\n');
    expect(tried.stderr).toContain('delivered: 204');
    expect([...told('alert.test').keys()]).toEqual(['sales']);

    expect((await command('list')).stdout.match(/ firing /g)).toHaveLength(3);

    await send('purchase', 60);
    await waitFor(async () => (await rows('events')) >= 70);
    const stop = keepSending('heartbeat');
    await Promise.all(ALERTS.map((alert) => lookUntil(alert, 'ok'))).finally(stop);
    await waitFor(() => told('alert.resolved').size === 3, STEP_MS);
    for (const alert of ALERTS) {
      const { began, ended } = told('alert.resolved').get(alert)?.message.data ?? {};
      expect(began).toBe(told('alert.firing').get(alert)?.message.data.began);
      const delivered = expect.any(String);
      await expect
        .poll(() => ask(`${alert}/history`), { timeout: STEP_MS })
        .toMatchObject({
          firings: [{ began, ended }],
          deliveries: [
            { kind: 'resolved', delivered },
            { kind: 'firing', delivered },
          ],
        });
      expect(JSON.stringify(await ask(alert))).not.toMatch(/whsec_|of-ours/);
    }
    expect((await command('history', 'sales')).stdout).toMatch(/resolved +1 +delivered .*\n.*firing +\d+ /);
    await command('delete', 'sales');
    expect((await command('list')).stdout).not.toContain('sales');
    for (const one of receiver.got) {
      const secret = secrets.get(one.message.data.alert) ?? '';
      expect(one.headers['webhook-signature']).toBe(expectedSignature(one, secret));
    }
  },
  SLOW_MS,
);
