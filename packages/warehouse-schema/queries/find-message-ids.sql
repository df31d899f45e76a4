-- Where message ids stand that were loaded before: the last of each that lies before a position, or in a log of another
-- family. Within a family, such as the segments of one spool, the ids of the logs grow with time.
-- ids: a table sent along, of project_id and message_id. log_id, log_offset: the position; log_family: what the ids of
-- the logs of its family begin with, ending in "-", or the one log of it; received_after: none that arrived earlier (Unix ms).
-- columns: project_id, message_id, content_hash, received_at (Unix milliseconds), log_id, log_offset, log_index
SELECT
    project_id,
    message_id,
    content_hash,
    toUnixTimestamp64Milli(received_at) AS received_at,
    log_id,
    log_offset,
    log_index
FROM message_ids
WHERE (project_id, message_id) IN (SELECT project_id, message_id FROM ids)
    AND message_ids.received_at > fromUnixTimestamp64Milli({received_after:Int64}, 'UTC')
    AND (NOT (log_id = {log_family:String} OR endsWith({log_family:String}, '-') AND startsWith(log_id, {log_family:String})) OR (log_id, log_offset) < ({log_id:String}, {log_offset:UInt64}))
ORDER BY project_id, message_id, message_ids.received_at DESC, log_id DESC, log_offset DESC, log_index DESC
LIMIT 1 BY project_id, message_id
