import { DefinitionsError } from '../store/definitions-error.ts';
import type { ActiveKey, ActiveKeys, KeyKind } from '../store/definitions-store.ts';

/** What the collector needs of the project that a key belongs to. */
export interface KeyProject {
  projectId: number;
  retentionDays: number;
  kind: KeyKind;
}

/** Where the keys came from last, and since when the database has been away. */
export interface KeyDirectoryStatus {
  source: 'database' | 'snapshot' | 'none';
  version: number;
  keys: number;
  /** Unix milliseconds of the first failed look since the last good one. */
  awaySince?: number;
  error?: string;
}

/** Write keys in memory: no request waits for the database, and none fails because it is away. */
export interface KeyDirectory {
  /**
   * The key's project; undefined for a key that does not exist or is revoked. A key that is not in memory
   * costs one look at the database, at most one a second for all callers. Throws `DefinitionsError`
   * `unavailable` where the key is not in memory and the database cannot be asked: the client shall retry.
   */
  lookup(writeKey: string): KeyProject | undefined | Promise<KeyProject | undefined>;
  /** Resolves once keys are loaded, from the database or else the snapshot; at the latest after the first look. */
  ready: Promise<void>;
  status(): KeyDirectoryStatus;
  close(): Promise<void>;
}

/** What the directory is made from. */
export interface KeyDirectoryOptions {
  store: { version(): Promise<number>; activeKeys(): Promise<ActiveKeys> };
  /** The server listens on loopback only, so keys marked `loopbackOnly` hold. */
  loopback: boolean;
  /** Reads the keys of the last snapshot, for a start without the database. */
  readSnapshot?: () => Promise<ActiveKeys | undefined>;
  /** How often the database is asked whether anything changed. @default 500 */
  refreshMs?: number;
  /** How often, at most, an unknown key is looked up at once. @default 1000 */
  missMs?: number;
  clock?: () => number;
}

/** Starts a directory that follows the database until `close`. */
export function createKeyDirectory(options: KeyDirectoryOptions): KeyDirectory {
  const { store, loopback, readSnapshot, refreshMs = 500, missMs = 1_000, clock = Date.now } = options;
  let projects = new Map<string, KeyProject>();
  let status: KeyDirectoryStatus = { source: 'none', version: 0, keys: 0 };
  let lastMissAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function adopt(active: ActiveKeys, source: 'database' | 'snapshot'): void {
    const usable = active.keys.filter((key) => loopback || !key.loopbackOnly);
    projects = new Map(usable.map((key) => [key.writeKey, projectOf(key)]));
    status = { source, version: active.version, keys: projects.size };
  }

  async function look(): Promise<void> {
    try {
      if (status.source !== 'database' || (await store.version()) !== status.version) {
        adopt(await store.activeKeys(), 'database');
      } else {
        status = { source: 'database', version: status.version, keys: status.keys };
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      status = { ...status, awaySince: status.awaySince ?? clock(), error: message };
    }
  }

  function refresh(): Promise<void> {
    refreshing ??= look().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => void refresh().then(schedule), refreshMs);
    timer.unref();
  }

  async function start(): Promise<void> {
    const snapshot = await readSnapshot?.().catch(() => undefined);
    if (snapshot) adopt(snapshot, 'snapshot');
    const first = refresh().then(schedule);
    if (!snapshot) await first;
  }

  async function lookAgain(writeKey: string): Promise<KeyProject | undefined> {
    if (clock() - lastMissAt >= missMs) {
      lastMissAt = clock();
      // A look under way may have begun before the key was made.
      await refreshing;
      await refresh();
    } else {
      await refreshing;
    }
    const project = projects.get(writeKey);
    if (project === undefined && status.awaySince !== undefined) {
      throw new DefinitionsError('unavailable', 'the write key cannot be checked now: the database is away');
    }
    return project;
  }

  return {
    ready: start(),
    lookup: (writeKey) => projects.get(writeKey) ?? lookAgain(writeKey),
    status: () => ({ ...status }),
    async close() {
      closed = true;
      clearTimeout(timer);
      await refreshing;
    },
  };
}

function projectOf(key: ActiveKey): KeyProject {
  return { projectId: key.projectId, retentionDays: key.retentionDays, kind: key.kind };
}
