-- How many events of each name, and of all (is_overall), came in each interval; from the rollup.
-- names: the events that are looked at one by one; starts: where the intervals begin, Unix milliseconds; to: where the last ends
SELECT
    r.event AS event,
    grouping(r.event) AS is_overall,
    roundDown(toInt64(toUnixTimestamp(r.bucket)) * 1000, {starts:Array(Int64)}) AS interval_start,
    sum(r.events) AS row_count
FROM events_15m AS r
WHERE r.project_id = {project_id:UInt32}
    AND r.bucket >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND r.bucket < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND {{bots}}
    AND {{events}}
GROUP BY GROUPING SETS ((event, interval_start), (interval_start))
HAVING is_overall OR event IN {names:Array(String)}
