-- Unites the rows of a slice into the bitmaps of a time zone: under the name of their event, and under ''.
INSERT INTO activity_daily (project_id, zone, event, day, utc_day, is_bot, retention_days, ids)
SELECT project_id, {zone:String} AS zone, name AS event, day, utc_day, is_bot, retention_days, groupBitmapState(number) AS ids
FROM
(
    SELECT DISTINCT
        events.project_id AS project_id,
        events.distinct_id AS distinct_id,
        toString(events.event) AS event,
        toDate(events.timestamp, {zone:String}) AS day,
        toDate(events.timestamp) AS utc_day,
        events.is_bot AS is_bot,
        events.retention_days AS retention_days
    FROM events
    WHERE {{slice}}
) AS active
INNER JOIN
(
    SELECT project_id, distinct_id, min(number) AS number
    FROM person_numbers
    WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM events WHERE {{slice}})
    GROUP BY project_id, distinct_id
) AS numbers ON numbers.project_id = active.project_id AND numbers.distinct_id = active.distinct_id
ARRAY JOIN arrayDistinct(['', active.event]) AS name
GROUP BY project_id, name, day, utc_day, is_bot, retention_days
