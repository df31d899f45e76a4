-- Makes one month of `identity_links` anew: every link that it or `events` has. Nothing may be inserted meanwhile. May be
-- run again. What was missing counts as arrived now, so that people follow.
-- days: the UTC days; partition: the month that they are in, as in 202611.
DROP TABLE IF EXISTS identity_links_rebuild SYNC;
CREATE TABLE identity_links_rebuild AS identity_links;
INSERT INTO identity_links_rebuild
SELECT project_id, from_id, kind, to_id, day, min(first) AS first, max(retention_days) AS retention_days
FROM
(
    SELECT project_id, from_id, kind, to_id, day, first, retention_days
    FROM identity_links
    WHERE least(greatest(toYYYYMM(day), 201001), 203512) = {partition:UInt32}
    UNION ALL
    SELECT
            project_id,
            if(type = 'identify', anonymous_id, previous_id) AS from_id,
            if(type = 'identify' OR previous_id = anonymous_id, 'identify', 'alias') AS kind,
            user_id AS to_id,
            toDate(timestamp) AS day,
            min((timestamp, now64(3, 'UTC'))) AS first,
            max(e.retention_days) AS retention_days
        FROM events AS e
        WHERE least(greatest(toYYYYMM(timestamp), 201001), 203512) = {partition:UInt32} AND toDate(timestamp) IN {days:Array(Date)} AND type IN ('identify', 'alias') AND from_id != to_id
            AND NOT hasAny(
            arrayMap(id -> lower(trim(BOTH ' \t\r\n' FROM id)), [from_id, to_id]),
            ['', '""', 'null', 'undefined', 'guest', 'anonymous', 'none', 'nil', 'nan', '0', '-1', 'true', 'false', 'unknown', '[object object]', 'not_authenticated'])
        GROUP BY project_id, from_id, kind, to_id, day
)
GROUP BY project_id, from_id, kind, to_id, day;
ALTER TABLE identity_links REPLACE PARTITION {partition:UInt32} FROM identity_links_rebuild;
DROP TABLE identity_links_rebuild SYNC;
