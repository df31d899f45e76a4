import { randomUUID } from 'node:crypto';
import { createApp, DEFAULT_LIMITS } from '@millrace/collector';

/** The collector's app over `log`, with one project and nothing around it. */
export function createBenchApp(log) {
  return createApp({
    log,
    projects: { lookup: (key) => (key === 'wk_bench' ? { projectId: 1, retentionDays: 365 } : undefined) },
    clock: Date.now,
    newId: randomUUID,
    limits: DEFAULT_LIMITS,
    trustedHops: 0,
    logger: { info() {}, warn: console.error, error: console.error },
  });
}
