import { backoffDelay } from '@millrace/core';
import type { Listen, Platform } from '../platform.ts';
import { createEventStreamReader } from './event-stream.ts';

/** The collector says something every 25 s; after this the connection is dead. */
const SILENCE_MS = 60_000;
const MAX_BACKOFF_MS = 5 * 60_000;

/** What is followed, and who hears of it. */
export interface FollowOptions {
  url: string;
  writeKey: string;
  platform: Platform;
  listen: Listen;
  /** At each connect and at each change. */
  onVersion(version: number): void;
}

/** Follows the collector's stream of changes, and connects again when it ends. The answer ends it. */
export function followChanges({ url, writeKey, platform, listen, onVersion }: FollowOptions): () => void {
  let failures = 0;
  let hangUp: () => void = () => undefined;
  let cancelTimer: () => void = () => undefined;
  let isStopped = false;

  const connect = (): void => {
    let isOver = false;
    const end = (): void => {
      if (isOver || isStopped) return;
      isOver = true;
      cancelTimer();
      hangUp();
      const delay = backoffDelay(failures++, platform.random, MAX_BACKOFF_MS);
      cancelTimer = platform.setTimeout(connect, delay, false);
    };
    const stayAwake = (): void => {
      cancelTimer();
      cancelTimer = platform.setTimeout(end, SILENCE_MS, false);
    };
    const read = createEventStreamReader('definitions', (data) => {
      failures = 0;
      const version = readVersion(data);
      if (version !== undefined) onVersion(version);
    });
    stayAwake();
    hangUp = listen(
      url,
      { authorization: `Bearer ${writeKey}`, accept: 'text/event-stream' },
      {
        onText(text) {
          if (isOver || isStopped) return;
          stayAwake();
          read(text);
        },
        onEnd: end,
      },
    );
  };

  connect();
  return () => {
    isStopped = true;
    cancelTimer();
    hangUp();
  };
}

function readVersion(data: string): number | undefined {
  try {
    const { version } = JSON.parse(data) as { version?: unknown };
    return typeof version === 'number' ? version : undefined;
  } catch {
    return undefined;
  }
}
