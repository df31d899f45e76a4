import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDefinitionsStore, type DefinitionsStore } from '@millrace/definitions';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  buildDefinitionsChild,
  type DefinitionsChild,
  startDefinitionsChild,
} from '../../../definitions/src/testing/start-definitions-child.ts';

const HERE = fileURLToPath(new URL('..', import.meta.url));

interface Message {
  type: string;
  data: { id: string; began: string; ended: string | null; value: number };
}

let folder: string;
let definitions: DefinitionsChild;
let store: DefinitionsStore;
let receiver: Server;
let origin: string;
let projectId: number;
let child: ChildProcess | undefined;
/** How long ago the newest event arrived, in minutes. */
let minutes = 0;
/** What the receiver got, and what it does then; while that is undecided it does not answer. */
const got: Message[] = [];
let onMessage: (message: Message) => Promise<number>;

beforeAll(async () => {
  // Within the package, so that what is not bundled is found.
  folder = await mkdtemp(join(HERE, '../dist-alerts-'));
  await Promise.all([
    buildDefinitionsChild(),
    build({
      entry: [fileURLToPath(new URL('../testing/run-alerts-child.ts', import.meta.url))],
      outDir: folder,
      format: 'esm',
      target: 'node20',
      config: false,
      silent: true,
      noExternal: [/^@millrace\//],
      // What is CommonJS among the bundled asks for Node's own by `require`.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      esbuildOptions: (options) => {
        options.conditions = ['@millrace/source'];
      },
      outExtension: () => ({ js: '.mjs' }),
    }),
  ]);
  definitions = await startDefinitionsChild(join(folder, 'definitions'));
  store = createDefinitionsStore(definitions);
  await store.migrate();
  ({ projectId } = await store.ensureProject('shop'));
  receiver = createServer(async (request, response) => {
    if (request.method === 'GET') return response.end(String(minutes));
    let body = '';
    for await (const part of request) body += String(part);
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
    const { secret } = (await store.alerts.webhookOf({ projectId, alert: 'quiet' })) ?? { secret: '' };
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`);
    const message = JSON.parse(body) as Message;
    expect(message.data.id).toBe(id);
    got.push(message);
    return response.writeHead(await onMessage(message)).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  origin = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await kill();
  await store.close();
  receiver.closeAllConnections();
  receiver.close();
  await definitions.kill();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  child = fork(
    join(folder, 'run-alerts-child.mjs'),
    [definitions.connectionString, `http://${origin}/`, origin],
    {
      execArgv: [],
      stdio: 'inherit',
    },
  );
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the child ended'))),
  ]);
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

it('tells of a firing and of its end, though the process is killed between each and its delivery', async () => {
  const rule = { every: 1, condition: { kind: 'freshness', minutes: 30 } };
  const place = { projectId, alert: 'quiet' };
  await store.alerts.putAlert({ ...place, rule, webhookUrl: `http://${origin}/hook` });

  // Killed while the receiver holds the message, unanswered; the next process sends it again.
  const told = (kind: string) =>
    new Promise<Message[]>((resolve) => {
      let killed: string | undefined;
      onMessage = async (message) => {
        if (message.type !== kind) throw new Error(`unexpected ${message.type}`);
        if (killed === undefined) {
          killed = message.data.id;
          await kill();
          await start();
          return 500;
        }
        resolve(got.filter(({ data }) => data.id === killed));
        return 200;
      };
    });
  minutes = 45;
  const firing = told('alert.firing');
  await start();
  const messages = await firing;
  expect(messages).toHaveLength(2);
  expect(messages[1]).toEqual(messages[0]);
  expect(messages[0]?.data).toMatchObject({ value: 45, ended: null });
  await expect
    .poll(async () => (await store.alerts.alertHistory(place)).deliveries, { timeout: 20_000 })
    .toMatchObject([{ kind: 'firing', delivered: expect.any(Date) }]);
  expect((await store.alerts.readAlert(place)).status).toMatchObject({ state: 'firing' });

  // It was looked at many times since, and told once.
  const resolved = told('alert.resolved');
  minutes = 1;
  const ends = await resolved;
  expect(ends).toHaveLength(2);
  expect(ends[0]?.data).toMatchObject({
    value: 1,
    began: messages[0]?.data.began,
    ended: expect.any(String),
  });
  const { firings } = await store.alerts.alertHistory(place);
  expect(firings).toMatchObject([{ ended: expect.any(Date), value: 45 }]);
}, 60_000);
