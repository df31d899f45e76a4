import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMetrics } from '../packages/collector/src/metrics/testing/parse-metrics.ts';
import { openPage } from './support/chromium.ts';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const SLOW_MS = 90_000;

let dataDir: string;
let url: string;
let server: Millrace;

/** Runs another command over the same folder. */
function millrace(...args: string[]) {
  return run(process.execPath, [MAIN, ...args], { env: server.env });
}

async function sql<Row>(query: string): Promise<Row[]> {
  const response = await fetch(`${url}/sql`, { method: 'POST', body: query });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return (JSON.parse(text) as { data: Row[] }).data;
}

async function count(where: string): Promise<number> {
  const [row] = await sql<{ n: number }>(`SELECT count() AS n FROM events WHERE ${where}`);
  return Number(row?.n);
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
  server = await startMillrace({ dataDir });
  url = server.url;
}, SLOW_MS);

afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, SLOW_MS);

describe('millrace start', () => {
  it('prints a curl line that works when it is pasted', async () => {
    const line = server.output.split('\n').find((each) => each.startsWith('curl') && each.includes('/track'));
    const { stdout } = await run('bash', ['-c', line ?? 'false']);
    const answer = JSON.parse(stdout) as { success: boolean; event_id: string };
    expect(answer.success).toBe(true);
    await waitFor(async () => (await count(`message_id = '${answer.event_id}'`)) === 1);
  });

  it('counts one person for two ids soon after the identify that joins them, however late', async () => {
    const send = async (type: string, event: object) => {
      const answer = await fetch(`${url}/v1/${type}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ writeKey: 'wk_demo', ...event }),
      });
      expect(answer.status).toBe(200);
    };
    const who = "dictGetOrDefault('person_overrides', 'person_id', (project_id, distinct_id), distinct_id)";
    const people = async () =>
      (await sql<{ n: number }>(`SELECT uniqExact(${who}) AS n FROM events WHERE event = 'Merged'`))[0]?.n;
    await send('track', { event: 'Merged', anonymousId: 'late-device' });
    await send('track', { event: 'Merged', userId: 'late-user' });
    await waitFor(async () => Number(await people()) === 2);
    await send('identify', { anonymousId: 'late-device', userId: 'late-user' });
    await waitFor(async () => Number(await people()) === 1, 90_000);
    expect(
      await sql("SELECT person_id, events FROM people WHERE person_id IN ('late-user', 'late-device')"),
    ).toEqual([{ person_id: 'late-user', events: 3 }]);
  });

  it('tells Prometheus what server and loader do, on this machine alone', async () => {
    const { loader } = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
      loader: { port: number };
    };
    const loaderUrl = `http://127.0.0.1:${loader.port}`;
    const figure = async (of: string, family: string, sample: string) => {
      const response = await fetch(`${of}/metrics`);
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      return parseMetrics(await response.text())
        .get(family)
        ?.samples.get(sample);
    };
    const accepted = [
      'millrace_collector_events_total',
      'millrace_collector_events_total{outcome="accepted"}',
    ];
    const [family = '', sample = ''] = accepted;
    expect(await figure(url, family, sample)).toBeGreaterThan(0);
    await waitFor(async () => {
      const loaded = await figure(loaderUrl, 'millrace_loader_events_total', 'millrace_loader_events_total');
      return (loaded ?? 0) > 0;
    });
    for (const path of ['livez', 'readyz']) expect((await fetch(`${loaderUrl}/${path}`)).status).toBe(200);
    expect(await (await fetch(`${loaderUrl}/status`)).json()).toMatchObject({
      totals: { chunks: expect.any(Number) },
    });
    for (const path of [`${url}/metrics`, `${loaderUrl}/metrics`, `${loaderUrl}/status`]) {
      expect((await fetch(path, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(401);
    }
  });

  it('prints a query that works when it is pasted', async () => {
    const line = server.output.split('\n').find((each) => each.startsWith('curl') && each.includes('/sql'));
    const { stdout } = await run('bash', ['-c', line ?? 'false']);
    expect(JSON.parse(stdout)).toHaveProperty('data');
  });

  it('prints a script tag that brings events from a page elsewhere', async () => {
    const tag = server.output.split('\n').find((each) => each.startsWith('<script'));
    const site = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>Elsewhere</title><body>${tag}</body>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const { port } = site.address() as { port: number };
    const page = await openPage(`http://localhost:${port}/landing?utm_source=news&utm_campaign=spring`);
    try {
      await waitFor(async () => (await count(`title = 'Elsewhere'`)) === 1, 10_000);
      const [row] = await sql<Record<string, string>>(
        `SELECT event, path, utm_source, utm_campaign, library, ip FROM events WHERE title = 'Elsewhere'`,
      );
      expect(row).toMatchObject({
        event: '$page',
        path: '/landing',
        utm_source: 'news',
        utm_campaign: 'spring',
        ip: '127.0.0.0',
      });
    } finally {
      await page.close();
      site.close();
    }
  });

  it('takes a Segment batch, and enriches it', async () => {
    const madeAt = Date.now() - 3_600_000;
    const skewed = madeAt + 86_400_000 / 2;
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('wk_demo:').toString('base64')}`,
      },
      body: JSON.stringify({
        sentAt: new Date(skewed + 3_600_000).toISOString(),
        batch: [
          {
            type: 'track',
            event: 'Order Completed',
            messageId: 'segment-1',
            anonymousId: 'a1',
            userId: 'u1',
            timestamp: new Date(skewed).toISOString(),
            properties: { revenue: 19.9, currency: 'EUR', items: [{ sku: 'x' }] },
            context: {
              userAgent:
                'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
              campaign: { source: 'google', medium: 'cpc', name: 'brand' },
              page: {
                url: 'https://shop.example/cart?x=1',
                referrer: 'https://www.google.com/search?q=shop',
              },
            },
          },
        ],
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ success: true });
    await waitFor(async () => (await count(`message_id = 'segment-1'`)) === 1);
    const [row] = await sql<Record<string, unknown>>(
      `SELECT event, distinct_id, os, device_type, browser, utm_source, utm_medium, utm_campaign, referrer_domain,
              hostname, path, ip, revenue, currency, toUnixTimestamp64Milli(timestamp) AS at
       FROM events WHERE message_id = 'segment-1'`,
    );
    expect(row).toMatchObject({
      event: 'Order Completed',
      distinct_id: 'u1',
      os: 'iOS',
      device_type: 'mobile',
      utm_source: 'google',
      utm_medium: 'cpc',
      utm_campaign: 'brand',
      referrer_domain: 'google.com',
      hostname: 'shop.example',
      path: '/cart',
      ip: '127.0.0.0',
      currency: 'EUR',
    });
    expect(Number(row?.revenue)).toBe(19.9);
    // The client's clock was half a day ahead; what stands is when it happened by ours.
    expect(Math.abs(Number(row?.at) - madeAt)).toBeLessThan(5_000);
  });

  it('never writes a full client address to disk', async () => {
    const files = await run('bash', ['-c', `grep -rlaF '127.0.0.1' '${dataDir}/spool' || true`]);
    expect(files.stdout).toBe('');
  });

  it('hands out the SDK as a tarball that npm installs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-npm-'));
    await run('npm', ['init', '-y'], { cwd: folder });
    await run('npm', ['install', '--no-audit', '--no-fund', `${url}/packages/browser-sdk.tgz`], {
      cwd: folder,
    });
    const script = `import('@millrace/browser-sdk').then((m) => console.log(typeof m.createAnalytics))`;
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: folder });
    expect(stdout.trim()).toBe('function');
    await rm(folder, { recursive: true });
  });

  it('refuses a second start over the same folder, and says what to do', async () => {
    await expect(millrace('start')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/runs over .* already, at .*\n.*millrace stop/),
    });
  });

  it('keeps secrets for its owner alone, and out of run.json', async () => {
    expect((await stat(join(dataDir, 'credentials'))).mode & 0o777).toBe(0o600);
    const { adminToken } = JSON.parse(await readFile(join(dataDir, 'credentials'), 'utf8'));
    expect(await readFile(join(dataDir, 'run.json'), 'utf8')).not.toContain(adminToken);
  });

  it('answers commands beside the running server, and without one', async () => {
    const query = 'SELECT count() AS n FROM events';
    const { stdout: beside } = await millrace('sql', query, '--format', 'JSONEachRow');
    const { stdout: key } = await millrace('key', 'create', '--name', 'e2e');
    const writeKey = /wk_[0-9a-f]+/.exec(key)?.[0] ?? '';
    const accepted = () =>
      fetch(`${url}/v1/track?writeKey=${writeKey}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event: 'Keyed', userId: 'u', messageId: 'keyed-1' }),
      });
    expect((await accepted()).status).toBe(200);
    await waitFor(async () => (await count(`event = 'Keyed'`)) === 1);

    await server.stop();
    const { stdout: alone } = await millrace('sql', query, '--format', 'JSONEachRow');
    const rows = (text: string) => Number((JSON.parse(text) as { n: number }).n);
    expect(rows(alone)).toBe(rows(beside) + 1);
    await millrace('key', 'revoke', writeKey);

    server = await startMillrace({ dataDir, env: server.env });
    expect((await accepted()).status).toBe(401);
    expect(await count('1')).toBe(rows(alone));
  });
});
