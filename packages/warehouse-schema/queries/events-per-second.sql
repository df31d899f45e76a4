-- Events that arrived in each of the last seconds, the running one included; seconds without events are there with 0.
-- project_id: the project; seconds: how far back.
-- columns: second (Unix seconds), events
-- The bounds are DateTime64 like the column: against a DateTime the minmax index rounds, and loses rows.
WITH toUnixTimestamp(now()) AS this_second
SELECT toUnixTimestamp(toDateTime(received_at)) AS second, count() AS events
FROM events
WHERE project_id = {project_id:UInt32}
    AND received_at >= fromUnixTimestamp64Milli(toInt64(this_second - {seconds:UInt32} + 1) * 1000, 'UTC')
    AND received_at < fromUnixTimestamp64Milli(toInt64(this_second + 1) * 1000, 'UTC')
GROUP BY second
ORDER BY second WITH FILL FROM toUnixTimestamp(now()) - {seconds:UInt32} + 1 TO toUnixTimestamp(now()) + 1
