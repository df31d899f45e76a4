import { type FollowStatus, type FollowVersionOptions, followVersion } from '../directory/follow-version.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import type { ActiveKey, ActiveKeys, KeyKind } from '../store/definitions-store.ts';

/** What the collector needs of the project that a key belongs to. */
export interface KeyProject {
  projectId: number;
  retentionDays: number;
  kind: KeyKind;
}

/** Where the keys came from last, how many there are, and since when the database has been away. */
export interface KeyDirectoryStatus extends FollowStatus {
  keys: number;
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
export interface KeyDirectoryOptions
  extends Pick<FollowVersionOptions<ActiveKeys>, 'readSnapshot' | 'refreshMs' | 'missMs' | 'clock'> {
  store: { version(): Promise<number>; activeKeys(): Promise<ActiveKeys> };
  /** The server listens on loopback only, so keys marked `loopbackOnly` hold. */
  loopback: boolean;
}

/** Starts a directory that follows the database until `close`. */
export function createKeyDirectory(options: KeyDirectoryOptions): KeyDirectory {
  const { store, loopback, ...rest } = options;
  let projects = new Map<string, KeyProject>();
  const follower = followVersion<ActiveKeys>({
    ...rest,
    readVersion: () => store.version(),
    read: () => store.activeKeys(),
    adopt({ keys }) {
      const usable = keys.filter((key) => loopback || !key.loopbackOnly);
      projects = new Map(usable.map((key) => [key.writeKey, projectOf(key)]));
    },
  });

  async function lookAgain(writeKey: string): Promise<KeyProject | undefined> {
    await follower.lookAgain();
    const project = projects.get(writeKey);
    if (project === undefined && follower.status().awaySince !== undefined) {
      throw new DefinitionsError('unavailable', 'the write key cannot be checked now: the database is away');
    }
    return project;
  }

  return {
    ready: follower.ready,
    lookup: (writeKey) => projects.get(writeKey) ?? lookAgain(writeKey),
    status: () => ({ ...follower.status(), keys: projects.size }),
    close: follower.close,
  };
}

function projectOf(key: ActiveKey): KeyProject {
  return { projectId: key.projectId, retentionDays: key.retentionDays, kind: key.kind };
}
