import { snapshotDefinitions } from '../snapshot/snapshot.ts';
import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import type { CurrentDefinitions } from './stored-definitions.ts';

/** The newest documents in a snapshot file, for a collector that starts while the database is away. */
export async function readSnapshotDefinitions(file: string): Promise<CurrentDefinitions | undefined> {
  const snapshot = await readSnapshotFile(file);
  return snapshot && snapshotDefinitions(snapshot);
}
