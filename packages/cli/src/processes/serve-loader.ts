import {
  type HttpServer,
  type KafkaLoaderStatus,
  type LoaderStatus,
  type MetricRegistry,
  startHttpServer,
} from '@millrace/collector';
import { createGuard } from '@millrace/studio';
import { Hono } from 'hono';
import { accessOf } from './access.ts';
import { metricsRoute } from './metrics-route.ts';

export interface ServeLoaderOptions {
  host: string;
  port: number;
  isLoopback: boolean;
  adminToken: string;
  registry: MetricRegistry;
  status(): LoaderStatus | KafkaLoaderStatus;
}

/** How many ports are tried, from the one that is wanted on. */
const TRIES = 50;
const CLOSE_MS = 500;

/**
 * Serves what the loader says of itself: `/livez` and `/readyz` (503, with the reason, while it does not load) to
 * everyone; `/metrics` and `/status` to this machine and the admin token. Listens at the next free port where the
 * wanted one is taken.
 */
export async function serveLoader(options: ServeLoaderOptions): Promise<HttpServer> {
  const { host, port, registry, status } = options;
  const access = accessOf(options);
  const app = new Hono();
  app.get('/livez', (c) => c.json({ status: 'live' }));
  app.get('/readyz', (c) => {
    const { state, reason } = status();
    if (state === 'idle' || state === 'loading' || state === 'paused') return c.json({ status: 'ready' });
    return c.json({ status: 'not_ready', reason: reason ?? state }, 503, { 'retry-after': '1' });
  });
  app.get('/status', createGuard(access), (c) => c.json(status()));
  metricsRoute(app, registry, access);
  for (let tried = 0; ; tried++) {
    try {
      return await startHttpServer({ app, host, port: port + tried, closeTimeoutMs: CLOSE_MS });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || tried === TRIES || port + tried === 65_535) throw error;
    }
  }
}
