-- The ids of a slice, each with when its number may go: its events' retention later, rounded up to a month, and two more.
-- columns: project_id, distinct_id, expires
SELECT
    events.project_id AS project_id,
    events.distinct_id AS distinct_id,
    max(toDate(toUInt16(least(
        toUInt32(toUInt16(toStartOfMonth(toDate(events.timestamp)))) + least(events.retention_days, 20000) + 93,
        65535)))) AS expires
FROM events
WHERE {{slice}}
GROUP BY project_id, distinct_id
