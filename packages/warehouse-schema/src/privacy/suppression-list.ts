import { createHmac, randomBytes } from 'node:crypto';

/** An id that was deleted, by its hash: events of it that were made or received up to `until` are kept nowhere. */
export interface SuppressedId {
  projectId: number;
  salt: string;
  /** `hashId` of it. */
  hash: string;
  /** Unix milliseconds. */
  until: number;
}

/** When an event came and, as far as that is known, when it was made; Unix milliseconds. */
interface EventTimes {
  receivedAt: number;
  /** Null where nobody can know, as where its clock was far ahead. */
  madeAt: number | null;
}

/** Which events are of people who were deleted. */
export interface SuppressionList {
  /** What is made and received later is of nobody on the list; Unix milliseconds, -Infinity for an empty list. */
  readonly newest: number;
  /** True if such an event of one of these ids is to be kept nowhere. */
  holds(projectId: number, ids: Iterable<string>, times: EventTimes): boolean;
}

/** How long an event whose making cannot be dated counts as one of before: as long as a repeated id is known. */
const UNDATED_MS = 8 * 24 * 60 * 60 * 1000;
const REMEMBERED_HASHES = 50_000;

/** A salt for an installation that has none yet. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** What a list holds of an id: HMAC-SHA256 of `<project>:<id>` under the salt, its first 128 bits in hexadecimal. */
export function hashId(salt: string, projectId: number, id: string): string {
  return createHmac('sha256', salt).update(`${projectId}:${id}`).digest('hex').slice(0, 32);
}

/** True if an event of these times is one of before `until`. */
function isBefore({ receivedAt, madeAt }: EventTimes, until: number): boolean {
  if (receivedAt <= until) return true;
  return madeAt === null ? receivedAt <= until + UNDATED_MS : madeAt <= until;
}

/** A list in memory; an id that comes often is hashed once. */
export function createSuppressionList(entries: readonly SuppressedId[]): SuppressionList {
  const untilOf = new Map<string, number>();
  for (const { salt, hash, until } of entries) {
    const key = `${salt}:${hash}`;
    untilOf.set(key, Math.max(until, untilOf.get(key) ?? 0));
  }
  const salts = [...new Set(entries.map(({ salt }) => salt))];
  const newest = entries.reduce((max, { until }) => Math.max(max, until), Number.NEGATIVE_INFINITY);
  const known = new Map<string, number>();

  function find(projectId: number, id: string): number {
    const name = `${projectId}:${id}`;
    let until = known.get(name);
    if (until === undefined) {
      until = Math.max(
        ...salts.map(
          (salt) => untilOf.get(`${salt}:${hashId(salt, projectId, id)}`) ?? Number.NEGATIVE_INFINITY,
        ),
      );
      if (known.size >= REMEMBERED_HASHES) known.clear();
      known.set(name, until);
    }
    return until;
  }

  return {
    newest,
    holds(projectId, ids, times) {
      if (!isBefore(times, newest)) return false;
      for (const id of ids) if (id !== '' && isBefore(times, find(projectId, id))) return true;
      return false;
    },
  };
}
