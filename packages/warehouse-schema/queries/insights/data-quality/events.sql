-- The events of a project, those with the most rows first, what came before the range included; from the rollup.
-- project_id; from, to: Unix milliseconds; baseline: where the time begins that the range is compared with
-- first: the quarter of an hour of the first, over all time; last_received: the newest arrival, Unix milliseconds
SELECT
    r.event AS event,
    sumIf(r.events, r.bucket >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AS now_rows,
    sumIf(r.events, r.bucket < fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND r.bucket >= fromUnixTimestamp64Milli({baseline:Int64}, 'UTC')) AS before_rows,
    toInt64(toUnixTimestamp(min(r.bucket))) * 1000 AS first,
    toUnixTimestamp64Milli(max(r.last_received)) AS last_received
FROM events_15m AS r
WHERE r.project_id = {project_id:UInt32} AND r.bucket < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND {{bots}} AND {{events}}
GROUP BY event
ORDER BY now_rows + before_rows DESC, event
LIMIT 10000
