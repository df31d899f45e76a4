-- Which rejected rows were loaded before, from an earlier position or a log of another family; see find-message-ids.
-- rejections: a table sent along, of project_id, received_at (Unix ms) and rejection_id. log_id, log_offset: the position;
-- log_family: what the ids of the logs of its family begin with, ending in "-", or the one log of it.
-- columns: project_id, received_at (Unix milliseconds), rejection_id
SELECT DISTINCT
    project_id,
    toUnixTimestamp64Milli(received_at) AS received_at,
    rejection_id
FROM rejected_events
WHERE (project_id, rejected_events.received_at) IN (SELECT project_id, fromUnixTimestamp64Milli(received_at, 'UTC') FROM rejections)
    AND rejection_id IN (SELECT rejection_id FROM rejections)
    AND (NOT (log_id = {log_family:String} OR endsWith({log_family:String}, '-') AND startsWith(log_id, {log_family:String})) OR (log_id, log_offset) < ({log_id:String}, {log_offset:UInt64}))
