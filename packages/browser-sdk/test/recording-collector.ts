import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { WireBatch } from '@millrace/core';
import { type RecordedDefinitions, recordDefinitions } from './recorded-definitions.ts';

/** How the next batches are answered. */
export interface Answer {
  /** @default 200 */
  status?: number;
  retryAfterSeconds?: number;
  /** The names of the events whose verdict is `rejected`; every other one is `ok`. */
  reject?: string[];
  /** The batch is taken, but the connection ends before the client hears of it. */
  unheard?: boolean;
  /** The answer waits for it. */
  until?: Promise<void>;
}

/** A batch as it arrived. */
export interface RecordedBatch {
  /** When, in milliseconds since 1970. */
  at: number;
  url: string;
  contentType: string | undefined;
  body: WireBatch;
  /** The body's text, decompressed. */
  json: string;
  /** Whether it was answered, or would have been, with a 2xx. */
  taken: boolean;
}

/** A server that notes what it is sent. Other origins may read its answers, as with the real collector. */
export interface RecordingCollector {
  url: string;
  batches: RecordedBatch[];
  /** How many preflights came. */
  preflights: number;
  /** Answers for the batches to come, one each; after them, everything is taken. */
  answers: Answer[];
  /** While true, connections are cut without an answer. */
  offline: boolean;
  /** What it serves of variants. */
  definitions: RecordedDefinitions;
  /** Resolves when `count` batches have arrived in all. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

const SDK = new URL('../dist/index.global.js', import.meta.url);
const PAGE = `<!doctype html><title>Pasted</title><script src="/millrace.js" data-write-key="wk_pasted"></script>`;

/** A recording collector on a free port of the loopback. */
export async function startRecordingCollector(): Promise<RecordingCollector> {
  let waiting: { count: number; resolve: () => void }[] = [];

  const record = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '';
    const stream = url.includes('encoding=gzip') ? request.pipe(createGunzip()) : request;
    const json = await text(stream);
    const body = JSON.parse(json) as WireBatch;
    const { status = 200, retryAfterSeconds, reject = [], unheard, until } = collector.answers.shift() ?? {};
    const contentType = request.headers['content-type'];
    collector.batches.push({ at: Date.now(), url, contentType, body, json, taken: status < 300 });
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
    const verdicts = body.batch.map(({ messageId, event = '' }) =>
      reject.includes(event)
        ? { messageId, status: 'rejected', reason: 'invalid_event' }
        : { messageId, status: 'ok' },
    );
    waiting = waiting.filter(({ count, resolve }) => {
      if (collector.batches.length < count) return true;
      resolve();
      return false;
    });
    await until;
    if (unheard) {
      request.socket.destroy();
    } else {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status < 300 ? { success: true, verdicts } : { success: false }));
    }
  };

  const server = createServer((request, response) => {
    if (collector.offline) return void request.socket.destroy();
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-expose-headers', 'retry-after');
    if (request.method === 'OPTIONS') {
      collector.preflights++;
      return void response.writeHead(204).end();
    }
    const answered = collector.definitions.answer(request, response);
    if (answered) return void answered.catch((error) => response.writeHead(500).end(String(error)));
    if (request.method === 'POST') {
      return void record(request, response).catch((error) => response.writeHead(500).end(String(error)));
    }
    const [type, body] =
      request.url === '/millrace.js' ? ['text/javascript', readFileSync(SDK)] : ['text/html', PAGE];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const collector: RecordingCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    batches: [],
    preflights: 0,
    answers: [],
    offline: false,
    definitions: recordDefinitions(),
    arrived: (count) =>
      new Promise((resolve) => {
        if (collector.batches.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return collector;
}
