-- How many events that arrived in the range were there already, by the quarter of an hour of their arrival. A record of
-- the log that was noted twice counts once.
SELECT
    toUnixTimestamp(toStartOfFifteenMinutes(received_at)) * 1000 AS start,
    sum(record_duplicates) AS repeated,
    sum(repeated) OVER () AS total
FROM
(
    SELECT log_id, log_offset, any(d.received_at) AS received_at, max(d.duplicates) AS record_duplicates
    FROM dropped_duplicates AS d
    WHERE d.project_id = {project_id:UInt32}
        AND d.received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND d.received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    GROUP BY log_id, log_offset
)
GROUP BY start
ORDER BY start DESC
LIMIT 2000
