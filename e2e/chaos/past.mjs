/** More ids than a loader reads into its memory at its start. */
export const PAST_EVENTS = 160_000;

/** What stands in `log_id` of rows that no log has. */
export const PAST_LOG = 'past';

const FILL = `
INSERT INTO events (project_id, message_id, type, event, timestamp, received_at, anonymous_id, content_hash, log_id, log_offset)
SELECT 1, concat('past-', toString(number)), 'track', 'Past',
       now64(3, 'UTC') - toIntervalSecond(86400 + number % 400000) AS made, made,
       concat('past-visitor-', toString(number % 5000)), toUInt32(number), '${PAST_LOG}', number
FROM numbers(${PAST_EVENTS})`;

/**
 * Gives the warehouse a past, so that a loader which starts remembers no id and must look every one up that may
 * be older than itself.
 * @param {import('@millrace/warehouse-schema').WarehouseClient} warehouse
 */
export async function fillPast(warehouse) {
  await warehouse.command(FILL, { settings: { async_insert: 0 } });
}
