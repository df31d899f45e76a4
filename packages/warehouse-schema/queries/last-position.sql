-- The last position of a family of logs whose ids grow with time, such as the segments of one spool.
-- prefix: what the ids of the logs begin with.
-- columns: log_id, log_offset, log_index; no row without events
SELECT log_id, log_offset, log_index
FROM
(
    SELECT max((log_id, log_offset, log_index)) AS position
    FROM events
    WHERE startsWith(log_id, {prefix:String})
    UNION ALL
    SELECT max((log_id, log_offset, log_index)) AS position
    FROM rejected_events
    WHERE startsWith(log_id, {prefix:String})
)
ARRAY JOIN [position.1] AS log_id, [position.2] AS log_offset, [position.3] AS log_index
WHERE log_id != ''
ORDER BY log_id DESC, log_offset DESC, log_index DESC
LIMIT 1
