import { round } from '../support/figures.mjs';
import { WIRE_BYTES } from './generate.mjs';

/** What every table that is filled from `events` takes, beside the JSON that came in; and the dearest columns of `events`. */
export async function measureDisk(admin, events) {
  const [{ bytes: wire }] = await admin.query(WIRE_BYTES);
  const tables = await admin.query(
    "SELECT table AS name, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND table NOT IN ('phases', 'variants', 'schema_migrations') GROUP BY name ORDER BY bytes DESC",
  );
  const all = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const columns = await admin.query(
    "SELECT column AS name, sum(column_data_compressed_bytes) AS bytes, sum(rows) AS rows FROM system.parts_columns WHERE active AND database = currentDatabase() AND table = 'events' AND part_type = 'Wide' GROUP BY name HAVING bytes > 0 ORDER BY bytes DESC LIMIT 30",
  );
  return {
    wireBytesPerEvent: round(wire),
    bytesPerEvent: round(all / events),
    ratio: round((wire * events) / all, 2),
    ratioOfEventsAlone: round(
      (wire * events) / (tables.find(({ name }) => name === 'events')?.bytes ?? Number.NaN),
      2,
    ),
    tables: Object.fromEntries(tables.map(({ name, bytes }) => [name, round(bytes / events, 2)])),
    columns: Object.fromEntries(columns.map(({ name, bytes, rows }) => [name, round(bytes / rows, 2)])),
  };
}
