-- What the last look at the links left behind, and what has come since; one row.
-- columns: holder, held (someone is at it now), seen_since, newest, swept_at (Unix milliseconds), news, news_now and
-- newest_now (what that would be now), now (Unix milliseconds), version (of the newest override), settled (Unix milliseconds:
-- whatever says that it arrived before is seen by now)
-- overlap_ms: how much earlier than now that is at least: a link says when its insert began, and inserts end later. Those
-- that still run are known; the clocks of several servers differ.
WITH last AS
(
    SELECT
        argMax((holder, held_until, seen_since, news, newest, swept_at), noted_at) AS run,
        run.3 AS since
    FROM person_runs
)
SELECT
    any(run.1) AS holder,
    any(run.2) > now64(3, 'UTC') AS held,
    toUnixTimestamp64Milli(any(since)) AS seen_since,
    any(run.4) AS news,
    toUnixTimestamp64Milli(any(run.5)) AS newest,
    toUnixTimestamp64Milli(any(run.6)) AS swept_at,
    toUnixTimestamp64Milli(now64(3, 'UTC')) AS now,
    least(
        now - {overlap_ms:UInt32},
        now - (SELECT toInt64(1000 * max(elapsed)) + 1000 FROM system.processes WHERE query_kind = 'Insert')) AS settled,
    (SELECT max(latest.version) FROM person_override_versions) AS version,
    (SELECT (uniqExact(project_id, from_id, kind, to_id), toUnixTimestamp64Milli(max(first.2))) FROM identity_links WHERE first.2 >= (SELECT since FROM last)) AS seen,
    seen.1 AS news_now,
    seen.2 AS newest_now
FROM last
