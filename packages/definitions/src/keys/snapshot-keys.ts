import { snapshotKeys } from '../snapshot/snapshot.ts';
import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import type { ActiveKeys } from '../store/definitions-store.ts';

/** The keys in a snapshot file, for a key directory that starts while the database is away. */
export async function readSnapshotKeys(file: string): Promise<ActiveKeys | undefined> {
  const snapshot = await readSnapshotFile(file);
  return snapshot && snapshotKeys(snapshot);
}
