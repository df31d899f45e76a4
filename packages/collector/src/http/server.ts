import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { refuseConnection } from './refuse-connection.ts';

/** What is served, and where. */
export interface HttpServerOptions {
  app: { fetch(request: Request, env: object): Response | Promise<Response> };
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** How long `close` waits for requests that are under way, in milliseconds. @default 10_000 */
  closeTimeoutMs?: number;
  /** Told of the status of every response, once it is done with. */
  onResponse?: (status: number) => void;
}

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /**
   * Stops taking connections, lets requests that are under way be answered, and resolves when the last
   * is gone; what takes longer than `closeTimeoutMs` is cut off.
   */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
// Longer than the idle time of common load balancers, so that it is they who close first.
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/**
 * Serves `app` over Node's HTTP server, with bounds on what a slow client may hold. Rejects with the
 * system's error (`EADDRINUSE`, `EACCES`) if it cannot listen.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { app, host, port, closeTimeoutMs = 10_000, onResponse } = options;
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: 5_000,
    noDelay: true,
  });
  const respond = getRequestListener(app.fetch);
  let closing = false;
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('clientError', (error, socket) => {
    const response = latest.get(socket);
    refuseConnection(socket, error, response?.headersSent === true && !response.writableFinished);
  });
  server.on('request', (request, response) => {
    latest.set(request.socket, response);
    response.once('close', () => {
      onResponse?.(response.statusCode);
      if (closing) server.closeIdleConnections();
    });
    if (closing) response.setHeader('connection', 'close');
    void respond(request, response);
  });
  const address = await listen(server, port, host);
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;

  const close = async (): Promise<void> => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const deadline = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
    await closed;
    clearTimeout(deadline);
  };
  let closed: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
