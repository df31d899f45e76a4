import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN, startMillrace } from '../../e2e/support/millrace.mjs';
import { startBareServer } from '../collector/bare-server.mjs';
import { quantile, round } from '../support/figures.mjs';

const EVENTS = 300_000;
const PROBES = 200;
const PROBE_EVERY_MS = 50;
const POLL_MS = 10;
const HEAVY = [
  `SELECT windowFunnel(86400000)(toUInt64(toUnixTimestamp64Milli(timestamp)), event = 'product_viewed', event = 'add_to_cart', event = 'order_completed') AS level, count() FROM events GROUP BY distinct_id`,
  'SELECT toDate(timestamp) AS day, event, uniqExact(distinct_id), quantiles(0.5, 0.9)(toUnixTimestamp64Milli(timestamp)) FROM events GROUP BY day, event',
  'SELECT path, count(), uniqExact(session_id) FROM events GROUP BY path ORDER BY count() DESC LIMIT 100',
  'SELECT distinct_id, groupArray((timestamp, event)) AS events FROM events GROUP BY distinct_id ORDER BY length(events) DESC LIMIT 10',
];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function post(url, body) {
  const begun = performance.now();
  const response = await fetch(url, { method: 'POST', body });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - begun;
}

/** Sends one event after the other, each under a name of its own, and notes when the view counts it. */
async function probe(millrace, bareUrl, prefix) {
  const { url } = millrace;
  const client = await millrace.warehouse('reader');
  const sentAt = new Map();
  const visible = [];
  const acks = [];
  const bare = [];
  const failures = [];
  const pending = [];
  const sending = (async () => {
    for (let n = 0; n < PROBES; n++) {
      const event = `${prefix}${n}`;
      const sent = new Date().toISOString();
      const batch = [{ type: 'track', event, anonymousId: 'probe', messageId: event, timestamp: sent }];
      const body = JSON.stringify({ writeKey: 'wk_demo', sentAt: sent, batch });
      sentAt.set(event, performance.now());
      pending.push(
        post(`${url}/v1/batch`, body).then(
          (ms) => acks.push(ms),
          (error) => failures.push(error),
        ),
      );
      pending.push(
        post(bareUrl, body).then(
          (ms) => bare.push(ms),
          (error) => failures.push(error),
        ),
      );
      await sleep(PROBE_EVERY_MS);
    }
    await Promise.all(pending);
  })();
  const deadline = performance.now() + PROBES * PROBE_EVERY_MS + 60_000;
  for (let sent = false; !sent || sentAt.size > 0; ) {
    if (performance.now() > deadline) throw new Error(`${sentAt.size} events were never seen in the view`);
    const rows = await client.query(
      'SELECT DISTINCT event FROM events_15m WHERE project_id = 1 AND startsWith(event, {prefix:String})',
      { params: { prefix } },
    );
    const now = performance.now();
    for (const { event } of rows) {
      if (sentAt.has(event)) visible.push(now - sentAt.get(event));
      sentAt.delete(event);
    }
    sent = await Promise.race([sending.then(() => true), sleep(POLL_MS).then(() => false)]);
  }
  if (failures.length > 0) throw failures[0];
  return { visible, acks, bare };
}

/** Keeps the four queries running until the signal; resolves with how many were answered. */
async function heavyQueries(millrace, signal) {
  const client = await millrace.warehouse('reader');
  let answered = 0;
  await Promise.all(
    HEAVY.map(async (query) => {
      while (!signal.aborted) {
        await client.query(query);
        answered++;
      }
    }),
  );
  return answered;
}

/**
 * From the POST of one event to its count in the view, and the ack of that POST, over all of `millrace start` with
 * `settings`; the ack stands beside that of a server that only syncs, in the same run and under the same queries.
 */
export async function measureLatency({ name, settings = {} }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  let millrace = await startMillrace({ dataDir, settings });
  const bareServer = await startBareServer(join(dataDir, 'bare.log'));
  const bareUrl = `http://127.0.0.1:${bareServer.port}/`;
  try {
    const demo = spawn(process.execPath, [MAIN, 'demo', '--events', String(EVENTS), '--days', '7'], {
      env: millrace.env,
      stdio: 'ignore',
    });
    await once(demo, 'exit');
    await probe(millrace, bareUrl, 'warm-up-');
    const idle = await probe(millrace, bareUrl, 'idle-');
    const ending = new AbortController();
    const heavy = heavyQueries(millrace, ending.signal);
    const busy = await probe(millrace, bareUrl, 'busy-');
    ending.abort();
    const answered = await heavy;
    const firstStart = millrace.startMs;
    await millrace.stop();
    millrace = await startMillrace({ dataDir, settings });
    const row = (what, { visible, acks, bare }) => ({
      what,
      'visible p50 ms': Math.round(quantile(visible, 0.5)),
      'visible p95 ms': Math.round(quantile(visible, 0.95)),
      'ack p50 ms': round(quantile(acks, 0.5)),
      'ack p99 ms': round(quantile(acks, 0.99)),
      'bare sync p99 ms': round(quantile(bare, 0.99)),
    });
    return {
      name,
      events: EVENTS,
      heavyQueriesAnswered: answered,
      rows: [
        row('nothing else to do', idle),
        row('four heavy queries', busy),
        { what: 'first start', 'ready ms': Math.round(firstStart) },
        { what: `warm start, ${EVENTS} events`, 'ready ms': Math.round(millrace.startMs) },
      ],
    };
  } finally {
    await millrace.stop();
    bareServer.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
