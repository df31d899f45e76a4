import { backoffDelay } from '@millrace/core';
import {
  createEvaluator,
  type Definitions,
  type Evaluator,
  prepareDefinitions,
} from '@millrace/core/evaluation';
import type { HookList } from '../hooks.ts';
import type { AnalyticsHooks, ReadOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import { fetchDefinitions } from './fetch-definitions.ts';
import { followChanges } from './follow-changes.ts';

const MAX_BACKOFF_MS = 5 * 60_000;

/** The definitions that count at this moment. */
export interface DefinitionsSource {
  readonly definitions: Definitions | undefined;
  readonly evaluator: Evaluator | undefined;
  /** Something was asked for: looks for news if it is time. Never waits. */
  touch(): void;
  /** Whether there are definitions, at the deadline at the latest. Never rejects. */
  ready(timeoutMs: number): Promise<boolean>;
  close(): void;
}

/** What a source works with. */
export interface DefinitionsSourceOptions {
  settings: ReadOptions;
  platform: Platform;
  hooks: HookList<AnalyticsHooks>;
}

/**
 * Definitions of the collector: asked for at the first use, then every so often with the ETag, and at once when the
 * collector tells of a change. What is here counts for as long as nothing newer can be had. A platform without
 * `listen` has no background either: there, a use that finds the definitions old looks for new ones.
 */
export function createDefinitionsSource({
  settings,
  platform,
  hooks,
}: DefinitionsSourceOptions): DefinitionsSource {
  const { pollIntervalMs, push, environment, bootstrap } = settings.variants;
  const path = `${settings.host}/v1/definitions`;
  const query = `environment=${encodeURIComponent(environment)}`;
  const waiting = new Set<() => void>();
  let definitions: Definitions | undefined;
  let evaluator: Evaluator | undefined;
  let etag: string | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let isLoading = false;
  /** What the collector told of while a look was under way. */
  let announced: number | undefined;
  let isClosed = false;
  let cancelTimer: (() => void) | undefined;
  let stopFollowing: (() => void) | undefined;

  const adopt = (found: Definitions): void => {
    const prepared = prepareDefinitions(found);
    evaluator = createEvaluator(prepared);
    definitions = prepared;
    for (const tell of [...waiting]) tell();
  };

  const lookAgainIn = (delayMs: number): void => {
    dueAt = platform.monotonic() + delayMs;
    cancelTimer?.();
    if (platform.listen && !isClosed) cancelTimer = platform.setTimeout(load, delayMs, false);
  };

  const look = async (): Promise<void> => {
    const found = await fetchDefinitions({
      url: `${path}?${query}`,
      writeKey: settings.writeKey,
      timeoutMs: settings.timeoutMs,
      etag,
      now: platform.now(),
    });
    if (isClosed) return;
    if (found.kind === 'failed') return fail(found.status, found.message, found.afterMs);
    try {
      if (found.kind === 'new') {
        adopt(found.definitions);
        etag = found.etag;
      }
    } catch (error) {
      return fail(200, String(error), 0);
    }
    const wasStale = failures > 0;
    failures = 0;
    // Spread out, so that servers which started together do not ask together for ever.
    lookAgainIn(pollIntervalMs * (0.9 + 0.2 * platform.random()));
    if ((found.kind === 'new' || wasStale) && definitions) {
      hooks.emit('definitions', { version: definitions.version });
    }
  };

  const fail = (status: number, message: string, afterMs: number): void => {
    const backoff = backoffDelay(failures, platform.random, MAX_BACKOFF_MS);
    // A key that is refused will be for a while.
    const least = status === 401 || status === 403 ? pollIntervalMs : 100;
    lookAgainIn(Math.max(Math.min(afterMs, MAX_BACKOFF_MS), least) + backoff);
    failures++;
    if (failures === 1) hooks.emit('stale', { status, message });
  };

  const load = (): void => {
    if (isClosed || isLoading) return;
    isLoading = true;
    const looked = look().finally(() => {
      isLoading = false;
      const isOutdated = announced !== undefined && announced !== definitions?.version;
      announced = undefined;
      if (isOutdated) load();
    });
    if (!platform.listen) settings.waitUntil?.(looked);
  };

  const follow = (): void => {
    if (stopFollowing || !platform.listen || !push) return;
    stopFollowing = followChanges({
      url: `${path}/stream?${query}`,
      writeKey: settings.writeKey,
      platform,
      listen: platform.listen,
      onVersion: (version) => {
        if (isLoading) announced = version;
        else if (version !== definitions?.version) load();
      },
    });
  };

  if (bootstrap) adopt(bootstrap);
  return {
    get definitions() {
      return definitions;
    },
    get evaluator() {
      return evaluator;
    },
    touch() {
      if (isClosed || isLoading || platform.monotonic() < dueAt) return;
      load();
      follow();
    },
    async ready(timeoutMs) {
      this.touch();
      if (evaluator || isClosed) return evaluator !== undefined;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          cancel();
          waiting.delete(done);
          resolve();
        };
        const cancel = platform.setTimeout(done, timeoutMs, true);
        waiting.add(done);
      });
      return evaluator !== undefined;
    },
    close() {
      isClosed = true;
      cancelTimer?.();
      stopFollowing?.();
      for (const tell of [...waiting]) tell();
    },
  };
}
