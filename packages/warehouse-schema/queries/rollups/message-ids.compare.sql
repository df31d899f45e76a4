-- Where `message_ids` lacks an event of `events`, or has one more than once. Rows that only `message_ids` has are right:
-- they outlive a short retention. Hours whose count and sum agree are not looked at row by row.
-- days: the UTC days of arrival; those that `message_ids` may have forgotten are left out.
-- columns: project_id, day, missing, surplus, buckets (hours)
WITH
    both AS
    (
        SELECT
            'raw' AS side, project_id, received_at, log_id, log_offset, log_index,
            cityHash64(message_id, content_hash, log_id, log_offset, log_index) AS hash
        FROM events
        WHERE toDate(received_at) IN {days:Array(Date)} AND received_at > now64(3, 'UTC') - INTERVAL 9 DAY
        UNION ALL
        SELECT
            'ids' AS side, project_id, received_at, log_id, log_offset, log_index,
            cityHash64(message_id, content_hash, log_id, log_offset, log_index) AS hash
        FROM message_ids
        WHERE toDate(received_at) IN {days:Array(Date)} AND received_at > now64(3, 'UTC') - INTERVAL 9 DAY
    ),
    differing AS
    (
        SELECT project_id, toStartOfHour(received_at) AS hour
        FROM both
        GROUP BY project_id, hour
        HAVING countIf(side = 'raw') != countIf(side = 'ids') OR sumIf(hash, side = 'raw') != sumIf(hash, side = 'ids')
    )
SELECT
    project_id,
    toDate(hour) AS day,
    countIf(ids = 0) AS missing,
    toUInt64(sumIf(ids - 1, ids > 1)) AS surplus,
    uniqExact(hour) AS buckets
FROM
(
    SELECT
        project_id,
        toStartOfHour(received_at) AS hour,
        hash,
        countIf(side = 'ids') AS ids
    FROM both
    WHERE (project_id, toStartOfHour(received_at)) IN differing
    GROUP BY project_id, hour, log_id, log_offset, log_index, hash
)
WHERE ids != 1
GROUP BY project_id, day
ORDER BY project_id, day
