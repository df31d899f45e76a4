import {
  type FollowVersionOptions,
  followVersion,
  type VersionFollower,
} from '../directory/follow-version.ts';
import type { SuppressedIdRow, SuppressedIds } from './suppression-store.ts';

/** What is followed, and who is told. */
export interface FollowSuppressionsOptions
  extends Pick<FollowVersionOptions<SuppressedIds>, 'readSnapshot' | 'refreshMs' | 'clock'> {
  store: { version(): Promise<number>; suppressions: { list(): Promise<SuppressedIds> } };
  /** Called with the first list, and whenever it is another. */
  adopt: (ids: readonly SuppressedIdRow[]) => void;
}

/** Tells of the suppressed ids, from the database or else the snapshot, until `close`. */
export function followSuppressions({
  store,
  adopt,
  ...rest
}: FollowSuppressionsOptions): Pick<VersionFollower, 'ready' | 'close'> {
  let known: string | undefined;
  return followVersion<SuppressedIds>({
    ...rest,
    readVersion: () => store.version(),
    read: () => store.suppressions.list(),
    adopt({ ids }) {
      const text = JSON.stringify(ids.map(({ hash, until }) => [hash, until]).sort());
      if (text === known) return;
      known = text;
      adopt(ids);
    },
  });
}
