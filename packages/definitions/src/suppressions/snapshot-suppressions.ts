import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import type { SuppressedIds } from './suppression-store.ts';

/** The suppressed ids in a snapshot file, for a start while the database is away. */
export async function readSnapshotSuppressions(file: string): Promise<SuppressedIds | undefined> {
  const snapshot = await readSnapshotFile(file);
  if (!snapshot) return undefined;
  const ids = (snapshot.tables.suppressed_ids ?? []).map((row) => ({
    projectId: Number(row.project_id),
    salt: String(row.salt),
    hash: String(row.hash),
    until: Number(row.until_ms),
  }));
  return { version: snapshot.version, ids };
}
