import type { RedactedSpool } from '@millrace/collector';
import {
  addSuppressedIds,
  awaitFollowers,
  awaitOldParts,
  closeRequest,
  createSuppressionList,
  type DeletionRequest,
  hashId,
  leftOfPerson,
  newSalt,
  noteRequest,
  openRequest,
  openRequests,
  PersonError,
  type PersonIds,
  type RowCounts,
  readSuppressedIds,
  removePerson,
  type SuppressedId,
  settleParts,
} from '@millrace/warehouse-schema';
import { dataPaths } from '../data-dir/data-paths.ts';
import { whileNothingLoads } from '../processes/while-nothing-loads.ts';
import { kafkaNotices } from './kafka-notices.ts';
import type { PeoplePorts } from './people-ports.ts';
import { scrubLogs } from './scrub-logs.ts';
import { awaitNewSegments, redactFolder } from './spool-of-person.ts';

/** What a deletion did. */
export interface DeletionReport {
  requestId: string;
  projectId: number;
  /** How many ids the person had. */
  ids: number;
  /** Up to when events of the person are kept nowhere; ISO 8601. */
  until: string;
  /** Rows by table. */
  removed: RowCounts;
  /** Events that were blanked in the spool or in what waits for Kafka, and places in the logs of the processes. */
  spooledEvents: number;
  loggedIds: number;
  /** What is still somewhere, in words. */
  notices: string[];
}

/** Events that were on their way, and the difference between two clocks. */
const MARGIN_MS = 60_000;
/** ClickHouse looks for old parts every half minute, and less often where it has nothing to do. */
const OLD_PARTS_MS = 6 * 60_000;
const PASSES = 3;

/** Deletes all data of a person. Whoever ends in the middle of it is followed up by the next call, or `resumeDeletions`. */
export async function deletePerson(ports: PeoplePorts, person: PersonIds): Promise<DeletionReport> {
  await resumeDeletions(ports);
  return finish(ports, await openRequest(ports.client, person, Date.now() + MARGIN_MS));
}

/** Goes on with every deletion that was cut off. */
export async function resumeDeletions(ports: PeoplePorts): Promise<DeletionReport[]> {
  const reports: DeletionReport[] = [];
  for (const request of await openRequests(ports.client)) {
    ports.log(`going on with the deletion ${request.requestId}, which was cut off`);
    reports.push(await finish(ports, request));
  }
  return reports;
}

async function finish(ports: PeoplePorts, request: DeletionRequest): Promise<DeletionReport> {
  const { client, dataDir } = ports;
  // First of all nothing more may come: servers and loaders know of it before a row goes.
  const ids = await suppress(ports, request);
  await awaitNewSegments(dataDir);
  const { done, spool } = await removeAll(ports, request, ids);
  const loggedIds =
    (await scrubLogs(dataPaths(dataDir).logs, request.ids)) +
    (await scrubLogs(dataPaths(dataDir).clickhouse, request.ids));
  const parts = await awaitOldParts(client, OLD_PARTS_MS);
  if (!parts.isGone) {
    throw new PersonError(
      'still_there',
      'the rows are gone, but ClickHouse still keeps old files of theirs: delete again later',
    );
  }
  await settleParts(client);
  await closeRequest(client, done);
  const notices = [...spoolNotices(spool), ...(await kafkaNotices(ports.kafka))];
  if (parts.detached > 0) notices.push(`${parts.detached} detached parts of ClickHouse were not looked at`);
  return {
    requestId: request.requestId,
    projectId: request.projectId,
    ids: request.ids.length,
    until: new Date(request.until).toISOString(),
    removed: done.detail.removed,
    spooledEvents: spool.events,
    loggedIds,
    notices,
  };
}

async function suppress({ client, store }: PeoplePorts, request: DeletionRequest): Promise<SuppressedId[]> {
  const known = [...(await store.suppressions.list()).ids, ...(await readSuppressedIds(client))];
  const salt = known[0]?.salt ?? newSalt();
  const { projectId, until } = request;
  const ids = request.ids.map((id) => ({ projectId, salt, hash: hashId(salt, projectId, id), until }));
  await store.suppressions.add(ids);
  await addSuppressedIds(client, request.requestId, ids);
  return ids;
}

/** What follows links between ids may have noted one that it had read before; so it is looked for again. */
async function removeAll(
  ports: PeoplePorts,
  request: DeletionRequest,
  ids: readonly SuppressedId[],
): Promise<{ done: DeletionRequest; spool: RedactedSpool }> {
  const list = createSuppressionList(ids);
  let done = request;
  for (let pass = 0; pass < PASSES; pass++) {
    const spool = await whileNothingLoads({ ...ports, isKafka: ports.kafka !== undefined }, async () => {
      done = await removePerson(ports.client, done);
      return redactFolder(ports.dataDir, list);
    });
    await awaitFollowers(ports.client);
    const left = Object.keys(await leftOfPerson(ports.client, request));
    if (left.length === 0) {
      done = { ...done, state: 'removed' };
      await noteRequest(ports.client, done);
      return { done, spool };
    }
    ports.log(`${left.join(', ')}: something came in between; once more`);
  }
  throw new PersonError('still_there', 'rows of the person keep coming back: delete again later');
}

function spoolNotices({ unreadableBytes }: RedactedSpool): string[] {
  if (unreadableBytes === 0) return [];
  return [`${unreadableBytes} bytes of the spool are damaged: nobody can tell whose they are`];
}
