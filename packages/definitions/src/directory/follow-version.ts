/** Where something came from last, and since when the database has been away. */
export interface FollowStatus {
  source: 'database' | 'snapshot' | 'none';
  version: number;
  /** Unix milliseconds of the first failed look since the last good one. */
  awaySince?: number;
  error?: string;
}

/** Keeps something in memory equal to the database. */
export interface VersionFollower {
  /** Resolves once something is loaded, from the database or else the snapshot; at the latest after the first look. */
  ready: Promise<void>;
  /** Looks at the database now; never rejects, a failure stands in the status. */
  refresh(): Promise<void>;
  /** As refresh, but at most once in `missMs` for all callers: the others wait for no more than what is under way. */
  lookAgain(): Promise<void>;
  status(): FollowStatus;
  close(): Promise<void>;
}

/** What is followed. */
export interface FollowVersionOptions<Value extends { version: number }> {
  readVersion: () => Promise<number>;
  read: () => Promise<Value>;
  /** Reads what the last snapshot holds, for a start without the database. */
  readSnapshot?: (() => Promise<Value | undefined>) | undefined;
  adopt: (value: Value) => void;
  /** How often the database is asked whether anything changed. @default 500 */
  refreshMs?: number | undefined;
  /** @default 1000 */
  missMs?: number | undefined;
  clock?: (() => number) | undefined;
}

/** Starts to follow the version of the definitions, and reads anew whenever it has changed, until `close`. */
export function followVersion<Value extends { version: number }>(
  options: FollowVersionOptions<Value>,
): VersionFollower {
  const {
    readVersion,
    read,
    readSnapshot,
    adopt,
    refreshMs = 500,
    missMs = 1_000,
    clock = Date.now,
  } = options;
  let status: FollowStatus = { source: 'none', version: 0 };
  let lastMissAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function take(value: Value, source: 'database' | 'snapshot'): void {
    status = { source, version: value.version };
    adopt(value);
  }

  async function look(): Promise<void> {
    try {
      if (status.source !== 'database' || (await readVersion()) !== status.version) {
        take(await read(), 'database');
      } else {
        status = { source: 'database', version: status.version };
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      status = { ...status, awaySince: status.awaySince ?? clock(), error: message };
    }
  }

  function joinLook(): Promise<void> {
    refreshing ??= look().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function refresh(): Promise<void> {
    // A look under way may have begun before the change that the caller knows of.
    await refreshing;
    await joinLook();
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => void joinLook().then(schedule), refreshMs);
    timer.unref();
  }

  async function start(): Promise<void> {
    const snapshot = await readSnapshot?.().catch(() => undefined);
    if (snapshot) take(snapshot, 'snapshot');
    const first = joinLook().then(schedule);
    if (!snapshot) await first;
  }

  return {
    ready: start(),
    refresh,
    async lookAgain() {
      if (clock() - lastMissAt < missMs) {
        await refreshing;
        return;
      }
      lastMissAt = clock();
      await refresh();
    },
    status: () => ({ ...status }),
    async close() {
      closed = true;
      clearTimeout(timer);
      await refreshing;
    },
  };
}
