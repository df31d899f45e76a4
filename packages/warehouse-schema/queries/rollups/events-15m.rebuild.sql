-- Makes the given days of one month of `events_15m` anew from `events`; other days and projects stay as they are: their
-- raw rows may have reached the end of their retention. Nothing may be inserted meanwhile. May be run again.
-- projects, project_days: the projects and UTC days, in pairs; partition: the month that the days are in, as in 202611.
DROP TABLE IF EXISTS events_15m_rebuild SYNC;
CREATE TABLE events_15m_rebuild AS events_15m;
INSERT INTO events_15m_rebuild
SELECT * FROM events_15m
WHERE least(greatest(toYYYYMM(bucket), 201001), 203512) = {partition:UInt32} AND (project_id, toDate(bucket)) NOT IN arrayZip({projects:Array(UInt32)}, {project_days:Array(Date)});
INSERT INTO events_15m_rebuild
SELECT
    project_id,
    toStartOfFifteenMinutes(timestamp) AS bucket,
    event,
    is_bot,
    count() AS events,
    sum(revenue) AS revenue,
    uniqState(distinct_id) AS users,
    uniqState(session_id) AS sessions,
    max(received_at) AS last_received
FROM events
WHERE least(greatest(toYYYYMM(timestamp), 201001), 203512) = {partition:UInt32} AND (project_id, toDate(timestamp)) IN arrayZip({projects:Array(UInt32)}, {project_days:Array(Date)})
GROUP BY project_id, bucket, event, is_bot;
ALTER TABLE events_15m REPLACE PARTITION {partition:UInt32} FROM events_15m_rebuild;
DROP TABLE events_15m_rebuild SYNC;
