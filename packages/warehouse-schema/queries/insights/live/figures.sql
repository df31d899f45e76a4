-- Events and people by minute, and in all of them (minute_start 0).
-- starts: where the minutes begin, Unix milliseconds
SELECT
    roundDown(toUnixTimestamp64Milli(events.timestamp), {starts:Array(Int64)}) AS minute_start,
    count() AS row_count,
    countIf(events.path != '') AS on_pages,
    uniqExact({{person}}) AS people
FROM events
WHERE {{rows}}
GROUP BY GROUPING SETS ((minute_start), ())
