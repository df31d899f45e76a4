-- Where `identity_links` lacks a link that `events` makes, or has it from a later time. Links that only it has are right:
-- they outlive the raw rows by a day, and nothing counts them.
-- days: the UTC days of the events' own time.
-- columns: project_id, day, missing (links), surplus (always 0), buckets (links)
SELECT project_id, day, count() AS missing, toUInt64(0) AS surplus, count() AS buckets
FROM
(
    SELECT project_id, from_id, kind, to_id, day
    FROM
    (
        SELECT 'raw' AS side, *
        FROM
        (
        SELECT
            project_id,
            if(type = 'identify', anonymous_id, previous_id) AS from_id,
            if(type = 'identify' OR previous_id = anonymous_id, 'identify', 'alias') AS kind,
            user_id AS to_id,
            toDate(timestamp) AS day,
            min(timestamp) AS first_at
        FROM events
        WHERE toDate(timestamp) IN {days:Array(Date)} AND type IN ('identify', 'alias') AND from_id != to_id
            AND NOT hasAny(
            arrayMap(id -> lower(trim(BOTH ' \t\r\n' FROM id)), [from_id, to_id]),
            ['', '""', 'null', 'undefined', 'guest', 'anonymous', 'none', 'nil', 'nan', '0', '-1', 'true', 'false', 'unknown', '[object object]', 'not_authenticated'])
        GROUP BY project_id, from_id, kind, to_id, day
        )
        UNION ALL
        SELECT 'rolled' AS side, project_id, from_id, kind, to_id, day, min(first).1 AS first_at
        FROM identity_links
        WHERE day IN {days:Array(Date)}
        GROUP BY project_id, from_id, kind, to_id, day
    )
    GROUP BY project_id, from_id, kind, to_id, day
    HAVING countIf(side = 'raw') = 1
        AND (countIf(side = 'rolled') = 0 OR minIf(first_at, side = 'rolled') > minIf(first_at, side = 'raw'))
)
GROUP BY project_id, day
ORDER BY project_id, day
