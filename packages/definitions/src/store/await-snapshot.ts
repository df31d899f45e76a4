import { setTimeout as delay } from 'node:timers/promises';
import { DefinitionsError } from './definitions-error.ts';

const DEADLINE_MS = 5_000;
const POLL_MS = 10;

type Rows = (text: string) => Promise<{ version: number; snapshotVersion: number | null }[]>;

/**
 * Resolves once what was changed before the call stands in the synced snapshot. PGlite never syncs its own
 * files; over PostgreSQL, whose commit is durable, there is no snapshot to wait for.
 * Throws `DefinitionsError` `not_durable` when it takes too long: the change is made, but not yet safe.
 */
export async function awaitSnapshot(rows: Rows): Promise<void> {
  let target: number | undefined;
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const [row] = await rows(
      `SELECT version::float8 AS version, snapshot_version::float8 AS "snapshotVersion" FROM definitions_version`,
    );
    if (!row || row.snapshotVersion === null) return;
    target ??= row.version;
    if (row.snapshotVersion >= target) return;
    if (Date.now() > deadline) {
      throw new DefinitionsError(
        'not_durable',
        'the change was made, but its copy in definitions/snapshot.json could not be written: check the disk',
      );
    }
    await delay(POLL_MS);
  }
}
