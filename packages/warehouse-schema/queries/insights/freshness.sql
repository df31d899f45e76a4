-- How far the loaded events reach: the arrival of the newest one (Unix milliseconds, 0 without events); from the rollup.
SELECT toUnixTimestamp64Milli(max(r.last_received)) AS newest
FROM events_15m AS r
WHERE r.project_id = {project_id:UInt32}
