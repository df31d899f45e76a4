import type { CollectorLimits } from './collector-limits.ts';
import type { EventLog } from './log/event-log.ts';
import type { Logger } from './logger.ts';
import type { DefinitionsSource } from './variants/definitions-source.ts';

/** What the collector knows of a project. */
export interface Project {
  projectId: number;
  /** How long the project keeps events, in days; older ones are refused. */
  retentionDays: number;
  /** What the key may do: a client's stands in web pages for everyone to read. @default client */
  kind?: 'client' | 'server';
}

/** Everything that the collector's app reaches the world through. */
export interface CollectorDeps {
  /** Where accepted and rejected events go; a request is answered 2xx once it has them. */
  log: EventLog;
  /** Finds the project of a write key. Must be quick: it stands before every answer. */
  projects: { lookup(writeKey: string): Promise<Project | undefined> | Project | undefined };
  /** Server clock, Unix milliseconds. */
  clock: () => number;
  /**
   * When that clock was last set, by what it says since: what it said before cannot be compared with it.
   * @default it never was
   */
  clockSetAt?: (() => number) | undefined;
  /** Makes the id of an event that came without one. */
  newId: () => string;
  limits: CollectorLimits;
  /** How many proxies stand before the server, whose `X-Forwarded-For` is believed. */
  trustedHops: number;
  /** The write key that `POST /track` falls back to for callers on this machine. */
  demoKeyOnLoopback?: string | undefined;
  /** A further reason why the server is not ready, in words: it is shutting down, or still starting. */
  notReady?: (() => string | undefined) | undefined;
  /** Flags and experiments. Without them nothing of theirs is served. */
  definitions?: DefinitionsSource | undefined;
  /** Aborted when the server begins to stop: what would stay open for ever ends. */
  stopping?: AbortSignal | undefined;
  logger: Logger;
}
