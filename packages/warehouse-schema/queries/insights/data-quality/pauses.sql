-- How long events pause: between quarters of an hour that had one, in seconds, by event and for all (is_overall).
-- history: where it begins; names: the events
SELECT
    r.event AS event,
    grouping(r.event) AS is_overall,
    arrayPopFront(arrayDifference(arraySort(groupUniqArray(toUnixTimestamp(r.bucket))))) AS pauses,
    length(pauses) AS pause_count,
    if(pause_count = 0, 0, arrayReduce('quantileExactInclusive(0.95)', pauses)) AS usual,
    if(pause_count = 0, 0, arrayMax(pauses)) AS longest
FROM events_15m AS r
WHERE r.project_id = {project_id:UInt32}
    AND r.bucket >= fromUnixTimestamp64Milli({history:Int64}, 'UTC')
    AND r.bucket < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND {{bots}}
    AND {{events}}
GROUP BY GROUPING SETS ((event), ())
HAVING is_overall OR event IN {names:Array(String)}
