import type { Verdict } from '@millrace/core';
import type { EventRow, RejectedRow } from '@millrace/warehouse-schema';
import { createApp } from '../app.ts';
import type { CollectorDeps, Project } from '../collector-deps.ts';
import { DEFAULT_LIMITS } from '../collector-limits.ts';
import type { EventLog, LogStatus } from '../log/event-log.ts';
import { decodeRecord, encodeRecord, type LogRecord } from '../log/record.ts';
import { silentLogger } from '../logger.ts';
import { createFakeDefinitions } from './fake-definitions.ts';

/** A log in memory, whose records have been through the codec. */
export interface MemoryLog extends EventLog {
  readonly records: LogRecord[];
  rows(): EventRow[];
  rejected(): RejectedRow[];
  /** What the next appends do instead of storing. */
  failWith: Error | undefined;
  currentStatus: LogStatus;
}

const parseLines = <T>(buffers: Buffer[]): T[] =>
  buffers.flatMap((buffer) =>
    buffer
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T),
  );

function createMemoryLog(): MemoryLog {
  const log: MemoryLog = {
    records: [],
    failWith: undefined,
    currentStatus: { writable: true, bytes: 0, quotaBytes: 1, segments: 1, quarantined: 0 },
    async append(record) {
      if (log.failWith) throw log.failWith;
      log.records.push(decodeRecord(Buffer.concat(encodeRecord(record))));
    },
    status: () => log.currentStatus,
    async close() {},
    rows: () => parseLines(log.records.map((record) => record.rows)),
    rejected: () => parseLines(log.records.map((record) => record.rejected)),
  };
  return log;
}

/** The server's clock in tests: 2026-11-20T12:00:00Z. */
export const NOW = Date.UTC(2026, 10, 20, 12);

/** An app over a memory log, with one project under the keys `wk_test` and `sk_test` and the demo's under `wk_demo`. */
export function createFixture(overrides: Partial<CollectorDeps> = {}) {
  const log = createMemoryLog();
  const definitions = createFakeDefinitions();
  let ids = 0;
  const projects = new Map<string, Project>([
    ['wk_test', { projectId: 7, retentionDays: 365 }],
    ['sk_test', { projectId: 7, retentionDays: 365, kind: 'server' }],
    ['wk_demo', { projectId: 1, retentionDays: 90 }],
  ]);
  const app = createApp({
    log,
    projects: { lookup: (key) => projects.get(key) },
    clock: () => NOW,
    newId: () => `made-${++ids}`,
    limits: DEFAULT_LIMITS,
    trustedHops: 0,
    demoKeyOnLoopback: 'wk_demo',
    definitions,
    logger: silentLogger,
    ...overrides,
  });
  const post = (
    path: string,
    body: unknown,
    { headers = {}, from = '203.0.113.77' }: { headers?: Record<string, string>; from?: string } = {},
  ) =>
    app.request(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      },
      { remoteAddress: from },
    );
  /** Posts a batch with the test key, asks for verdicts, and returns the answer. */
  const batch = async (events: unknown[], extra: Record<string, unknown> = {}) => {
    const response = await post('/v1/batch', { batch: events, writeKey: 'wk_test', verdicts: 1, ...extra });
    return { status: response.status, ...((await response.json()) as { verdicts: Verdict[] }) };
  };
  return { app, log, definitions, post, batch };
}

/** A track event that is accepted as it is. */
export const trackEvent = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  messageId: 'm1',
  type: 'track',
  event: 'Clicked',
  anonymousId: 'a1',
  timestamp: new Date(NOW).toISOString(),
  ...extra,
});
