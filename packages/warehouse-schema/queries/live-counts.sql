-- How many events of each name there are, greatest first; from the rollup, over all time.
-- project_id: the project; max_rows: at most so many names.
-- columns: event, events, users, revenue, last_received_at (Unix milliseconds)
SELECT
    event,
    events,
    users,
    toFloat64(revenue) AS revenue,
    toUnixTimestamp64Milli(last_received_at) AS last_received_at
FROM event_counts
WHERE project_id = {project_id:UInt32}
ORDER BY events DESC, event
LIMIT {max_rows:UInt32}
