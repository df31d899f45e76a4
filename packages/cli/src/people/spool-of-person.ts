import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeState, listSegments, type RedactedSpool, redactSpool, STATE_FILE } from '@millrace/collector';
import { folderOwner } from '@millrace/definitions';
import { PersonError, type SuppressionList } from '@millrace/warehouse-schema';
import { dataPaths } from '../data-dir/data-paths.ts';

/** A server knows of new suppressed ids within half a second, and then leaves the segment that it wrote to. */
const ADOPTED_MS = 1_500;
const NEW_SEGMENT_MS = 10_000;
const POLL_MS = 100;

/**
 * Resolves once what a running server appended before it knew of the suppressed ids stands in finished segments, in the
 * spool and in what buffers while Kafka is away; after ten seconds in any case.
 */
export async function awaitNewSegments(dataDir: string): Promise<void> {
  const { spool, buffer } = dataPaths(dataDir);
  await Promise.all([spool, buffer].map(awaitNewSegment));
}

async function awaitNewSegment(spool: string): Promise<void> {
  const isWritten = async () => (await folderOwner(join(spool, 'lock'))) !== undefined;
  const newest = async () => (await listSegments(spool)).at(-1) ?? 0;
  const before = await newest();
  if (before === 0 || !(await isWritten())) return;
  await delay(ADOPTED_MS);
  const deadline = performance.now() + NEW_SEGMENT_MS;
  while ((await newest()) === before && (await isWritten()) && performance.now() < deadline)
    await delay(POLL_MS);
}

/**
 * Blanks the events of the people on the list in the spool, and in what waits for Kafka. No loader may run meanwhile.
 * @throws PersonError `loader_behind` where a chunk of the loader is not finished: its rows are known by their number.
 */
export async function redactFolder(dataDir: string, list: SuppressionList): Promise<RedactedSpool> {
  const { spool, buffer, loader } = dataPaths(dataDir);
  const text = await readFile(join(loader, STATE_FILE), 'utf8').catch(() => undefined);
  const state = text === undefined ? null : decodeState(text);
  if (state?.plan) {
    throw new PersonError(
      'loader_behind',
      'the loader did not finish what it was at: start Millrace, and delete again',
    );
  }
  const [one, other] = [await redactSpool(spool, list), await redactSpool(buffer, list)];
  return {
    events: one.events + other.events,
    open: one.open + other.open,
    unreadableBytes: one.unreadableBytes + other.unreadableBytes,
  };
}
