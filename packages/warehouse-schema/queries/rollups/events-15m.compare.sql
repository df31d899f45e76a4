-- Where `events_15m` differs from what `events` says of the same days. It outlives the events: what it has more of on a day
-- that has reached the end of the project's retention, by the rows that are left, is right.
-- days: the UTC days of the events' own time.
-- columns: project_id, day, missing (events that the rollup lacks), surplus (events that it has too many), buckets
SELECT
    project_id,
    toDate(bucket) AS day,
    toUInt64(sum(greatest(raw_events - rolled_events, 0))) AS missing,
    toUInt64(sum(greatest(rolled_events - raw_events, 0))) AS surplus,
    count() AS buckets
FROM
(
    SELECT
        project_id,
        bucket,
        event,
        is_bot,
        toInt64(sumIf(events, side = 'raw')) AS raw_events,
        toInt64(sumIf(events, side = 'rolled')) AS rolled_events
    FROM
    (
        SELECT
            'raw' AS side,
            project_id,
            toStartOfFifteenMinutes(timestamp) AS bucket,
            event,
            is_bot,
            count() AS events,
            sum(revenue) AS revenue,
            uniq(distinct_id) AS users,
            uniq(session_id) AS sessions,
            max(received_at) AS last_received
        FROM events
        WHERE toDate(timestamp) IN {days:Array(Date)}
        GROUP BY project_id, bucket, event, is_bot
        UNION ALL
        SELECT
            'rolled' AS side,
            r.project_id AS project_id,
            r.bucket AS bucket,
            r.event AS event,
            r.is_bot AS is_bot,
            sum(r.events) AS events,
            sum(r.revenue) AS revenue,
            uniqMerge(r.users) AS users,
            uniqMerge(r.sessions) AS sessions,
            max(r.last_received) AS last_received
        FROM events_15m AS r
        WHERE toDate(r.bucket) IN {days:Array(Date)}
        GROUP BY project_id, bucket, event, is_bot
    )
    GROUP BY project_id, bucket, event, is_bot
    HAVING count() != 2
        OR uniqExact((events, revenue, users, sessions, last_received)) != 1
) AS differing
LEFT JOIN
(
    SELECT project_id, min(retention_days) AS shortest
    FROM events
    GROUP BY project_id
) AS kept USING (project_id)
WHERE raw_events >= rolled_events
    OR addDays(toDate(bucket), least(kept.shortest, 20000)) > toDate(now('UTC'))
GROUP BY project_id, day
ORDER BY project_id, day
