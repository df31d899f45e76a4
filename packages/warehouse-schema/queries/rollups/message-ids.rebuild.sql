-- Makes one day of `message_ids` anew: every row that it or `events` has, once. Nothing may be inserted meanwhile. May be
-- run again.
-- days: the UTC days of arrival (only that of the partition is used); partition: the day, as in 20261121.
DROP TABLE IF EXISTS message_ids_rebuild SYNC;
CREATE TABLE message_ids_rebuild AS message_ids;
INSERT INTO message_ids_rebuild
SELECT DISTINCT project_id, message_id, content_hash, received_at, log_id, log_offset, log_index
FROM
(
    SELECT project_id, message_id, content_hash, received_at, log_id, log_offset, log_index
    FROM message_ids
    WHERE toYYYYMMDD(received_at) = {partition:UInt32}
    UNION ALL
    SELECT project_id, message_id, content_hash, received_at, log_id, log_offset, log_index
    FROM events
    WHERE toYYYYMMDD(received_at) = {partition:UInt32} AND toDate(received_at) IN {days:Array(Date)}
);
ALTER TABLE message_ids REPLACE PARTITION {partition:UInt32} FROM message_ids_rebuild;
DROP TABLE message_ids_rebuild SYNC;
