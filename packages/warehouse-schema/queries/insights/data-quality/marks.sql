-- How many rows came late, had a clock that was ahead, or are of bots, by event and for all (is_overall).
SELECT
    events.event AS event,
    grouping(events.event) AS is_overall,
    count() AS row_count,
    countIf(events.late) AS late,
    countIf(events.clock_clamped) AS clamped,
    countIf(events.is_bot) AS bots
FROM events
WHERE {{rows}}
GROUP BY GROUPING SETS ((event), ())
ORDER BY row_count DESC, event
LIMIT {limit:UInt32} BY is_overall
