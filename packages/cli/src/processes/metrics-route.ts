import { METRICS_CONTENT_TYPE, type MetricRegistry } from '@millrace/collector';
import { type AccessOptions, createGuard } from '@millrace/studio';
import type { Hono } from 'hono';

/** Adds `GET /metrics` to `app`: the figures of this process for Prometheus, for this machine and the admin token. */
export function metricsRoute(app: Hono, registry: MetricRegistry, access: AccessOptions): void {
  app.get('/metrics', createGuard(access), (c) =>
    c.body(registry.render(), 200, { 'content-type': METRICS_CONTENT_TYPE, 'cache-control': 'no-store' }),
  );
}
