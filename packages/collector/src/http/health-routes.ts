import { Hono } from 'hono';
import type { CollectorDeps } from '../collector-deps.ts';

/** Why the collector would refuse events now, in words; undefined when it takes them. */
function whyNotReady({ log, notReady }: Pick<CollectorDeps, 'log' | 'notReady'>): string | undefined {
  const reason = notReady?.();
  if (reason !== undefined) return reason;
  const status = log.status();
  return status.writable ? undefined : (status.reason ?? 'the log cannot be written');
}

/**
 * `/livez` answers 200 as long as the process serves at all, so that nothing restarts it for the sake
 * of a neighbour's trouble. `/readyz` answers 503, with the reason, while events would be refused.
 */
export function createHealthRoutes(deps: Pick<CollectorDeps, 'log' | 'notReady'>): Hono {
  const routes = new Hono();
  routes.get('/livez', (c) => c.json({ status: 'live' }));
  routes.get('/readyz', (c) => {
    const reason = whyNotReady(deps);
    if (reason === undefined) return c.json({ status: 'ready' });
    return c.json({ status: 'not_ready', reason }, 503, { 'retry-after': '1' });
  });
  return routes;
}
