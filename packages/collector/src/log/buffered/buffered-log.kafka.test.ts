import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { decodeEventsMessage, EVENTS_TOPIC } from '../kafka/message.ts';
import { readTopic } from '../kafka/testing/read-topic.ts';
import { createRandom } from '../spool/testing/random.ts';
import { eventOf, openBufferedLog } from './testing/open-buffered-log.ts';

const SEED = Number(process.env.MILLRACE_SEED ?? Date.now() % 1_000_000);
const FAULTS = Number(process.env.MILLRACE_FAULTS ?? 8);

let kafka: RunningKafka;
let work: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'millrace-buffered-'));
  kafka = await startKafka();
});
afterAll(async () => {
  await kafka?.stop();
  await rm(work, { recursive: true, force: true });
});

function broker() {
  const [node] = kafka.nodes;
  if (!node) throw new Error('this test stops a broker, which must be its own');
  return node;
}

/** Every row in the topic by its id; fails where an id came twice with different rows. */
async function storedRows(): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for (const message of await readTopic({ brokers: kafka.brokers }, EVENTS_TOPIC)) {
    const { meta, rows: lines } = decodeEventsMessage(message);
    const id = meta.marks[0]?.[0] ?? '';
    const line = lines.toString();
    expect(rows.get(id) ?? line).toBe(line);
    rows.set(id, line);
  }
  return rows;
}

test.each([
  ['stopped in its tracks', () => broker().pause(), () => broker().resume()],
  ['killed', () => broker().kill(), () => broker().start()],
])(
  'a broker that is %s costs no event: they are answered, and go over when it is back',
  async (name, fault, end) => {
    const log = await openBufferedLog(join(work, name), kafka.brokers);
    const append = (id: string) => log.append(makeRecord({ events: [eventOf(`${name}-${id}`)] }));
    await append('before');
    await fault();
    await Promise.all(['during-1', 'during-2', 'during-3'].map(append));
    await append('during-4');
    expect(log.status()).toMatchObject({ writable: true, kafka: { available: false } });
    await end();
    await expect.poll(() => log.status().kafka, { timeout: 60_000 }).toEqual({ available: true, drained: 4 });
    await append('after');
    await log.close();
    const stored = [...(await storedRows()).keys()].filter((id) => id.startsWith(name));
    expect(stored.sort()).toEqual(
      ['after', 'before', 'during-1', 'during-2', 'during-3', 'during-4'].map((id) => `${name}-${id}`),
    );
  },
);

test(`whatever was acknowledged is in the topic, whole, however broker and writer die (MILLRACE_SEED=${SEED})`, async () => {
  const random = createRandom(SEED);
  const folder = join(work, 'chaos');
  const script = await bundleWriter();
  const acked: string[] = [];
  let run = 0;
  let writer = startWriter();

  function startWriter() {
    const args = [script, folder, kafka.brokers.join(','), String(run++)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line !== 'ready') acked.push(...line.split(' '));
    });
    const ended = once(lines, 'close');
    return {
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  const faults: Record<string, () => Promise<void>> = {
    'writer killed': async () => {
      await writer.kill();
      writer = startWriter();
    },
    'broker killed': async () => {
      await broker().kill();
      await pause(random() * 1500);
      broker().start();
    },
    'broker stopped': async () => {
      broker().pause();
      await pause(500 + random() * 2500);
      broker().resume();
    },
    'writer killed while the broker is away': async () => {
      broker().pause();
      await pause(1000 + random() * 1000);
      await writer.kill();
      writer = startWriter();
      await pause(random() * 1000);
      broker().resume();
    },
  };
  const names = Object.keys(faults);
  const done: string[] = [];
  for (let n = 0; n < FAULTS; n++) {
    await pause(300 + random() * 1200);
    // Each kind comes once, and then by chance.
    const name = names[n < names.length ? n : Math.floor(random() * names.length)] ?? '';
    done.push(name);
    await faults[name]?.();
  }
  // The broker may still be starting: what follows must be answered all the same.
  const before = acked.length;
  await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(before + 500);
  await writer.kill();

  const log = await openBufferedLog(folder, kafka.brokers);
  let stored = new Map<string, string>();
  let missing = acked;
  for (const deadline = Date.now() + 60_000; missing.length > 0 && Date.now() < deadline; ) {
    stored = await storedRows().catch(() => stored);
    missing = acked.filter((id) => !stored.has(id));
  }
  await log.close();
  console.log(`${acked.length} acknowledged; ${done.join(', ')}`);
  expect(missing).toEqual([]);
  expect(new Set(acked).size).toBe(acked.length);
  for (const id of acked) expect(stored.get(id)).toBe(makeRecord({ events: [eventOf(id)] }).rows.toString());
}, 240_000);

async function bundleWriter(): Promise<string> {
  await build({
    entry: [fileURLToPath(new URL('./testing/append-until-killed.ts', import.meta.url))],
    outDir: join(work, 'bin'),
    format: 'esm',
    target: 'node20',
    config: false,
    silent: true,
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ['@millrace/source'];
    },
    // kafkajs is CommonJS, and asks for Node's own modules by require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outExtension: () => ({ js: '.mjs' }),
  });
  return join(work, 'bin', 'append-until-killed.mjs');
}
