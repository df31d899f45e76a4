-- How far the daily bitmaps are, and what there is to do; one row.
-- columns: epoch, holder, held (someone is at it now), reached, numbered, batch, overrides, swept_at (Unix milliseconds),
-- now (Unix milliseconds), engine (of `events`), version (of the newest override), next (of each partition of `events`, one
-- more than its newest block)
WITH last AS (SELECT max(latest) AS run FROM activity_progress)
SELECT
    run.epoch AS epoch,
    run.holder AS holder,
    run.held_until > now64(3, 'UTC') AS held,
    run.reached AS reached,
    run.numbered AS numbered,
    run.batch AS batch,
    run.overrides AS overrides,
    toUnixTimestamp64Milli(run.swept_at) AS swept_at,
    toUnixTimestamp64Milli(now64(3, 'UTC')) AS now,
    (SELECT any(engine) FROM system.tables WHERE database = currentDatabase() AND name = 'events') AS engine,
    (SELECT max(latest.version) FROM person_override_versions) AS version,
    (
        SELECT CAST((groupArray(partition), groupArray(next)), 'Map(String, UInt64)')
        FROM
        (
            SELECT partition_id AS partition, toUInt64(max(max_block_number) + 1) AS next
            FROM system.parts
            WHERE active AND database = currentDatabase() AND table = 'events' AND NOT startsWith(partition_id, 'patch-')
            GROUP BY partition
        )
    ) AS next
FROM last
