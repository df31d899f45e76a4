import { sqlFile } from '../../sql/sql-file.ts';
import { type LookedAt, noticeSample } from '../looked-at.ts';

/** In how many rows something is, in the range and in the time before it. */
export interface Rows {
  now: number;
  before: number;
}

/** What the rows of the sample look like, by event. */
export interface SampledEvent {
  event: string;
  rows: Rows;
  /** In how many rows each property has a value, by its type. */
  properties: Map<string, Map<string, Rows>>;
}

interface PropertyRow {
  event: string;
  path: string;
  type: string;
  now_rows: number;
  before_rows: number;
}

const MAX_ROWS = 20_000;

/** Reads which properties of which types the events of a sample have; `rows` by event, of the same sample. */
export async function readProperties(at: LookedAt, rows: ReadonlyMap<string, Rows>): Promise<SampledEvent[]> {
  const { run, scope, before, range, names, sample } = at;
  const found = await run.query<PropertyRow>(
    sqlFile(
      'data-quality/properties',
      { rows: scope.rows({ range: { from: before.from, to: range.to } }), sample },
      { from: range.from, names, limit: MAX_ROWS },
    ),
  );
  noticeSample(at);
  if (found.length === MAX_ROWS) {
    run.notice(
      'properties_capped',
      `The events have more than ${MAX_ROWS} properties; the most frequent are looked at.`,
    );
  }
  const events = new Map(
    [...rows].map(([event, count]): [string, SampledEvent] => [
      event,
      { event, rows: count, properties: new Map() },
    ]),
  );
  for (const { event, path, type, now_rows: now, before_rows: earlier } of found) {
    const properties = events.get(event)?.properties;
    const types = properties?.get(path) ?? new Map<string, Rows>();
    properties?.set(path, types.set(type, { now, before: earlier }));
  }
  return [...events.values()];
}

/** Over all types. */
export function rowsWith(types: ReadonlyMap<string, Rows>): Rows {
  let [now, before] = [0, 0];
  for (const rows of types.values()) {
    now += rows.now;
    before += rows.before;
  }
  return { now, before };
}
