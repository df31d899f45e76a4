import type { Definitions } from '@millrace/core/evaluation';
import type { CurrentDefinitions, CurrentDocument, DefinitionsPlace } from '../history/stored-definitions.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import { type FollowStatus, type FollowVersionOptions, followVersion } from './follow-version.ts';

/** That a project's document for an environment is another now. */
export interface DefinitionsChange extends DefinitionsPlace {
  version: number;
}

/** The newest definitions documents in memory: no request waits for the database, and none fails because it is away. */
export interface DefinitionsDirectory {
  /**
   * The newest document, always the same object until there is a newer one; undefined where there is none. Throws
   * `DefinitionsError` `unavailable` while none could ever be read, from the database or the snapshot.
   */
  current(projectId: number, environment: string): Definitions | undefined;
  /** Calls `listener` at each change, once `current` gives it, until the returned function is called. */
  subscribe(listener: (change: DefinitionsChange) => void): () => void;
  /** Looks at the database now, for a caller that has just changed something; never rejects. */
  refresh(): Promise<void>;
  /** Looks at the database for a caller who names what is not here; at most once a second for all of them. */
  lookAgain(): Promise<void>;
  /** Resolves once documents are loaded; at the latest after the first look. */
  ready: Promise<void>;
  status(): FollowStatus;
  close(): Promise<void>;
}

/** What the directory is made from. */
export interface DefinitionsDirectoryOptions
  extends Pick<FollowVersionOptions<CurrentDefinitions>, 'readSnapshot' | 'refreshMs' | 'missMs' | 'clock'> {
  store: { version(): Promise<number>; currentDefinitions(): Promise<CurrentDefinitions> };
}

/** Starts a directory that follows the database until `close`. */
export function createDefinitionsDirectory(options: DefinitionsDirectoryOptions): DefinitionsDirectory {
  const { store, ...rest } = options;
  const listeners = new Set<(change: DefinitionsChange) => void>();
  let documents = new Map<string, CurrentDocument>();

  function adopt({ documents: found }: CurrentDefinitions): void {
    const before = documents;
    documents = new Map(
      found.map((one) => {
        const name = nameOf(one.projectId, one.environment);
        const known = before.get(name);
        return [name, known?.version === one.version ? known : one];
      }),
    );
    for (const [name, { projectId, environment, version }] of documents) {
      if (before.get(name)?.version !== version) tell({ projectId, environment, version });
    }
    for (const [name, { projectId, environment }] of before) {
      if (!documents.has(name)) tell({ projectId, environment, version: 0 });
    }
  }

  function tell(change: DefinitionsChange): void {
    for (const listener of listeners) listener(change);
  }

  const follower = followVersion<CurrentDefinitions>({
    ...rest,
    readVersion: () => store.version(),
    read: () => store.currentDefinitions(),
    adopt,
  });
  return {
    current(projectId, environment) {
      if (follower.status().source === 'none') {
        throw new DefinitionsError('unavailable', 'the definitions cannot be read now: the database is away');
      }
      return documents.get(nameOf(projectId, environment))?.document;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: follower.refresh,
    lookAgain: follower.lookAgain,
    ready: follower.ready,
    status: follower.status,
    close: follower.close,
  };
}

function nameOf(projectId: number, environment: string): string {
  return `${projectId}/${environment}`;
}
