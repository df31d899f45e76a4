import type { DefinitionsStore } from '@millrace/definitions';
import {
  type Command,
  CommandError,
  type CommandIo,
  parseFlags,
  UsageError,
  wholeNumber,
} from '../command.ts';
import { liveEvents } from '../demo/live-events.ts';
import { postOverHttp } from '../demo/post-over-http.ts';
import { type PostBatch, type SendOptions, sendBatches } from '../demo/send-batches.ts';
import { generateTraffic } from '../demo/traffic.ts';
import { startInProcessCollector } from '../installation/in-process-collector.ts';
import { type Installation, withInstallation } from '../installation/installation.ts';
import { loadConfig } from './load-config.ts';

const flags = {
  events: { type: 'string' },
  days: { type: 'string' },
  minutes: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  until: { type: 'string' },
  project: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
} as const;

const DAY_MS = 24 * 3_600_000;
const LIVE_RATE = 10;

/** `millrace demo`: the traffic of a small shop. */
export const demo: Command = {
  summary: 'send believable shop traffic, of any length, through the collector',
  usage: `Usage: millrace demo [--events <n>] [--days <n>] [--rate <n>]
       millrace demo --minutes <n> [--rate <n>]

Sends the traffic of a small shop: visits from campaigns and search, on phones and desktops, by day and by night,
from page to product, cart and order. Without --minutes it fills the past days at once; with it, it is live.
The same seed, time and number make the same events.

  --events    how many events (default: 10000)
  --days      over how many days up to now (default: 7)
  --minutes   live, for so many minutes
  --rate      the most events a second (default: as fast as they are taken; live: ${LIVE_RATE})
  --seed      a word that the traffic depends on (default: millrace)
  --until     when the past days end, as an ISO time (default: now)
  --project   the project that gets it, made if it does not exist (default: demo)
  --url       another Millrace to send to; needs --key
  --key       the write key to send under
  --data      the data folder
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, flags);
    const plan = planOf(values);
    const config = loadConfig(io, values);
    if (values.url) {
      if (!values.key) throw new UsageError('--url needs --key');
      if (!URL.canParse(values.url)) throw new UsageError(`--url ${values.url}: expected a URL`);
      return send(plan, io, { post: postOverHttp(values.url), writeKey: values.key, origin: values.url });
    }
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, create: true, log }, async (installation) => {
      const store = await installation.definitions();
      const writeKey = values.key ?? (await usableKey(store, installation, values.project ?? 'demo'));
      const { run } = installation;
      if (run) return send(plan, io, { post: postOverHttp(run.url), writeKey, origin: run.url });
      return sendInProcess(plan, io, installation, store, writeKey);
    });
  },
};

interface Plan {
  seed: string;
  from: number;
  to: number;
  events: number;
  rate: number | undefined;
  live: boolean;
}

interface Target {
  post: PostBatch;
  writeKey: string;
  origin: string;
}

function planOf(values: { [name in keyof typeof flags]?: string | undefined }): Plan {
  const minutes = wholeNumber('minutes', values.minutes, 1);
  const days = wholeNumber('days', values.days, 1);
  const rate = wholeNumber('rate', values.rate, 1);
  const events = wholeNumber('events', values.events, 1);
  const seed = values.seed ?? 'millrace';
  if (minutes !== undefined) {
    if (days !== undefined || values.until !== undefined) {
      throw new UsageError('--minutes is live: it goes neither with --days nor with --until');
    }
    const from = Date.now();
    const wanted = events ?? minutes * 60 * (rate ?? LIVE_RATE);
    return { seed, from, to: from + minutes * 60_000, events: wanted, rate: undefined, live: true };
  }
  const to = values.until === undefined ? Date.now() : Date.parse(values.until);
  if (Number.isNaN(to)) throw new UsageError(`--until ${values.until}: expected an ISO time`);
  return { seed, from: to - (days ?? 7) * DAY_MS, to, events: events ?? 10_000, rate, live: false };
}

async function usableKey(
  store: DefinitionsStore,
  { run, config }: Installation,
  name: string,
): Promise<string> {
  const project = await store.ensureProject(name);
  const loopback = run ? ['127.0.0.1', 'localhost', '::1'].includes(run.host) : config.isLoopback;
  const { keys } = await store.activeKeys();
  const usable = keys.find((key) => key.projectId === project.projectId && (loopback || !key.loopbackOnly));
  return (
    usable?.writeKey ??
    (await store.createKey({ projectId: project.projectId, name: 'demo traffic' })).writeKey
  );
}

async function send(plan: Plan, io: CommandIo, target: Target): Promise<number> {
  const interrupted = new AbortController();
  const onSignal = () => interrupted.abort();
  process.once('SIGINT', onSignal);
  const { signal } = interrupted;
  const events = generateTraffic({ ...plan, origin: target.origin });
  const options: SendOptions = {
    post: target.post,
    writeKey: target.writeKey,
    rate: plan.rate,
    signal,
    onProgress: progress(io, plan.events),
    ...(plan.live ? { batchSize: 1, connections: 8 } : {}),
  };
  const startedAt = Date.now();
  try {
    const result = await sendBatches(plan.live ? liveEvents(events, signal) : events, options);
    const seconds = (Date.now() - startedAt) / 1_000;
    const speed = Math.round(result.acknowledged / Math.max(seconds, 0.001));
    io.stdout.write(
      `${result.acknowledged} events acknowledged in ${seconds.toFixed(1)} s (${speed}/s), from ${iso(plan.from)} to ${iso(plan.to)}, ${result.retries} retries\n`,
    );
    const rejected = Object.entries(result.rejected);
    for (const [reason, count] of rejected) io.stdout.write(`${count} rejected: ${reason}\n`);
    return rejected.length === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', onSignal);
  }
}

async function sendInProcess(
  plan: Plan,
  io: CommandIo,
  installation: Installation,
  store: DefinitionsStore,
  writeKey: string,
): Promise<number> {
  const origin = `http://localhost:${installation.config.port}`;
  const warn = (line: string) => io.stderr.write(`${line}\n`);
  const collector = await startInProcessCollector(installation, store, { info: () => {}, warn, error: warn });
  const post: PostBatch = async (body) => {
    const request = new Request(`${origin}/v1/batch`, { method: 'POST', body });
    const response = await collector.fetch(request);
    return { status: response.status, body: await response.json().catch(() => undefined) };
  };
  try {
    const code = await send(plan, io, { post, writeKey, origin });
    io.stderr.write('no server runs: loading the events into the warehouse now\n');
    return code;
  } finally {
    await collector.close().catch((error: unknown) => {
      throw new CommandError(`the events are in the spool, but were not loaded: ${String(error)}`);
    });
  }
}

function progress(io: CommandIo, events: number): NonNullable<SendOptions['onProgress']> {
  let shown = Date.now();
  return ({ acknowledged }) => {
    if (Date.now() - shown < 2_000) return;
    shown = Date.now();
    io.stderr.write(`${acknowledged} of ${events} events\n`);
  };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19);
}
