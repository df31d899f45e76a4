import { idsNamed } from './named-ids.ts';
import type { SuppressionList } from './suppression-list.ts';

/** What becomes of a row: `drop`, or the bytes that take its place; `keep` changes nothing. */
type RowVerdict = 'keep' | 'drop' | Buffer;

interface Row {
  event?: unknown;
  timestamp?: unknown;
  clock_clamped?: unknown;
  anonymous_id?: unknown;
  user_id?: unknown;
  previous_id?: unknown;
  properties?: { unit?: unknown; unitType?: unknown };
}

/** Kinds of units that are ids of people. */
const PERSONAL_UNITS = new Set(['', 'anonymousId', 'userId']);

/**
 * Judges a row of `events`, a line of JSON, as it stands in the log: one of a person on the list is dropped, also an
 * exposure of theirs that somebody else sent; in one of somebody else that only names them, beside its own id, that name
 * is left out. `queries/privacy/*.sql` says the same of rows that are loaded.
 */
export function suppressRow(
  line: Buffer,
  list: SuppressionList,
  { projectId, receivedAt }: { projectId: number; receivedAt: number },
): RowVerdict {
  let row: Row;
  try {
    row = JSON.parse(line.toString('utf8')) as Row;
  } catch {
    // What is no JSON goes to `rejected_events`, which is judged by itself.
    return suppressRejected(line.toString('utf8'), list, { projectId, receivedAt }) ? 'drop' : 'keep';
  }
  const madeAt = typeof row.timestamp === 'number' && row.clock_clamped !== true ? row.timestamp : null;
  const holds = (id: unknown) => list.holds(projectId, [text(id)], { receivedAt, madeAt });
  if (holds(text(row.user_id) || row.anonymous_id)) return 'drop';
  const { unit, unitType } = row.properties ?? {};
  if (row.event === '$exposure' && PERSONAL_UNITS.has(text(unitType)) && holds(unit)) return 'drop';
  const named = (['anonymous_id', 'previous_id'] as const).filter((field) => holds(row[field]));
  return named.length === 0 ? 'keep' : without(line, named);
}

/** True if a refused event names a person on the list, by the payload of its row. */
export function suppressRejected(
  payload: string,
  list: SuppressionList,
  { projectId, receivedAt }: { projectId: number; receivedAt: number },
): boolean {
  if (list.newest === Number.NEGATIVE_INFINITY) return false;
  return list.holds(projectId, idsNamed(payload), { receivedAt, madeAt: null });
}

/**
 * Leaves out members of a row, as bytes, since parsing and writing it again might change numbers. The ids come before
 * everything a client can nest, so the first such member is the row's own.
 */
function without(line: Buffer, fields: readonly string[]): Buffer {
  let left = line;
  for (const field of fields) {
    const begin = left.indexOf(`,"${field}":"`);
    if (begin < 0) continue;
    let end = begin + field.length + 5;
    while (left[end] !== QUOTE) end += left[end] === BACKSLASH ? 2 : 1;
    left = Buffer.concat([left.subarray(0, begin), left.subarray(end + 1)]);
  }
  return left;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
