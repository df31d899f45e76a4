import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireBatch, WireEvent } from '@millrace/core';
import type { Definitions } from '@millrace/core/evaluation';

/** What was asked for. */
interface Seen {
  path: string;
  query: string;
  authorization: string | undefined;
  status: number;
}

/** A collector on loopback that serves definitions and tells of their changes, and takes every event. */
export interface DefinitionsServer {
  url: string;
  seen: Seen[];
  taken: WireEvent[];
  /** How many streams are open. */
  readonly streams: number;
  /** Serves another document from now on, and tells the streams. */
  set(definitions: Definitions): void;
  /** Answers with this status instead, and cuts the streams; 200 ends it. */
  fail(status: number): void;
  /** Resolves at the next request for the definitions, once it is answered. */
  asked(path?: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a collector with this document. */
export async function startDefinitionsServer(first: Definitions): Promise<DefinitionsServer> {
  let definitions = first;
  let failure = 200;
  const streams = new Set<ServerResponse>();
  const waiting = new Set<{ path: string; resolve: () => void }>();
  const tell = (stream: ServerResponse): void => {
    stream.write(`: hello\nevent: definitions\ndata: {"version":${definitions.version}}\n\n`);
  };

  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const answer = (status: number, body = '', headers = {}): void => {
      seen.push({ path: pathname, query: search, authorization: request.headers.authorization, status });
      response.writeHead(status, headers);
      response.end(body);
      for (const one of waiting) {
        if (one.path !== pathname) continue;
        waiting.delete(one);
        one.resolve();
      }
    };
    if (pathname === '/v1/batch') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        taken.push(...(JSON.parse(Buffer.concat(chunks).toString()) as WireBatch).batch);
        answer(200, '{"success":true}');
      });
      return;
    }
    if (failure !== 200) return answer(failure);
    if (pathname === '/v1/definitions/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      streams.add(response);
      response.once('close', () => streams.delete(response));
      return tell(response);
    }
    const body = JSON.stringify(definitions);
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return answer(304);
    answer(200, body, { etag, 'content-type': 'application/json' });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const seen: Seen[] = [];
  const taken: WireEvent[] = [];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    taken,
    get streams() {
      return streams.size;
    },
    set(next) {
      definitions = next;
      for (const stream of streams) tell(stream);
    },
    fail(status) {
      failure = status;
      if (status !== 200) for (const stream of streams) stream.destroy();
    },
    asked: (path = '/v1/definitions') =>
      new Promise((resolve) => {
        waiting.add({ path, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
