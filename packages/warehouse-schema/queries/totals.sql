-- Everything a project has; from the rollup.
-- project_id: the project.
-- columns: events, users, revenue, last_received_at (Unix milliseconds, 0 without events)
SELECT
    sum(r.events) AS events,
    uniqMerge(r.users) AS users,
    toFloat64(sum(r.revenue)) AS revenue,
    toUnixTimestamp64Milli(max(r.last_received)) AS last_received_at
FROM events_15m AS r
WHERE project_id = {project_id:UInt32}
