-- Where `activity_daily` differs from what `events` says of the same days, as far as it says that it is filled. On a day
-- that has reached the end of its rows' retention nothing is compared: they go by and by.
-- days: the UTC days of the events' own time.
-- columns: project_id, day, missing (people of an event on a day of a time zone), surplus, buckets (such days that differ)
WITH
    (SELECT max(latest).reached FROM activity_progress) AS reached,
    bitmapBuild(CAST([], 'Array(UInt32)')) AS nobody
SELECT
    project_id,
    utc_day AS day,
    sum(bitmapAndnotCardinality(due, stored)) AS missing,
    sum(bitmapAndnotCardinality(stored, raw)) AS surplus,
    count() AS buckets
FROM
(
    SELECT
        project_id,
        zone,
        event,
        zone_day,
        utc_day,
        is_bot,
        retention_days,
        groupBitmapMergeState(due_part) AS due,
        groupBitmapMergeState(raw_part) AS raw,
        groupBitmapMergeState(stored_part) AS stored
    FROM
    (
        SELECT
            project_id,
            zone,
            name AS event,
            zone_day,
            utc_day,
            is_bot,
            retention_days,
            groupBitmapStateIf(number, is_due) AS due_part,
            groupBitmapState(number) AS raw_part,
            nobody AS stored_part
        FROM
        (
            SELECT
                e.project_id AS project_id,
                e.event AS event,
                zone,
                toDate(formatDateTime(e.quarter, '%F', zone)) AS zone_day,
                e.utc_day AS utc_day,
                e.is_bot AS is_bot,
                e.retention_days AS retention_days,
                n.number AS number,
                e.block < reached[zone][e.month] AS is_due
            FROM
            (
                SELECT
                    project_id,
                    distinct_id,
                    toString(events.event) AS event,
                    toStartOfFifteenMinutes(timestamp) AS quarter,
                    toDate(timestamp) AS utc_day,
                    is_bot,
                    retention_days,
                    _partition_id AS month,
                    min(_block_number) AS block
                FROM events
                WHERE toDate(timestamp) IN {days:Array(Date)} AND NOT empty(reached)
                GROUP BY project_id, distinct_id, event, quarter, utc_day, is_bot, retention_days, month
            ) AS e
            LEFT JOIN
            (
                SELECT project_id, distinct_id, min(number) AS number
                FROM person_numbers
                WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM events WHERE toDate(timestamp) IN {days:Array(Date)})
                GROUP BY project_id, distinct_id
            ) AS n ON n.project_id = e.project_id AND n.distinct_id = e.distinct_id
            ARRAY JOIN mapKeys(reached) AS zone
        )
        ARRAY JOIN arrayDistinct(['', event]) AS name
        GROUP BY project_id, zone, name, zone_day, utc_day, is_bot, retention_days
        UNION ALL
        SELECT
            project_id,
            zone,
            event,
            day AS zone_day,
            utc_day,
            is_bot,
            retention_days,
            nobody AS due_part,
            nobody AS raw_part,
            groupBitmapMergeState(ids) AS stored_part
        FROM activity_daily
        WHERE utc_day IN {days:Array(Date)}
        GROUP BY project_id, zone, event, zone_day, utc_day, is_bot, retention_days
    )
    GROUP BY project_id, zone, event, zone_day, utc_day, is_bot, retention_days
)
WHERE addDays(utc_day, least(retention_days, 20000)) >= toDate(now('UTC'))
    AND bitmapAndnotCardinality(due, stored) + bitmapAndnotCardinality(stored, raw) > 0
GROUP BY project_id, day
ORDER BY project_id, day
