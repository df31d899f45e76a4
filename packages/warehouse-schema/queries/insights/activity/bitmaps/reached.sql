-- Whether the daily bitmaps may answer: from which block on `events` are not in them, and whether ClickHouse's days of a
-- time zone are ours; one row.
-- zone; moments: Unix milliseconds at which days begin; days: which ones these are, counted from 1970.
-- columns: epoch (of the bitmaps), has_zone, same_days, reached (of each partition of `events` the first block that they lack), lacks (whether
-- there is such a row)
WITH
    (SELECT max(latest) FROM activity_progress) AS progress,
    progress.reached AS zones
SELECT
    progress.epoch AS epoch,
    mapContains(zones, {zone:String}) AS has_zone,
    arrayAll(
        (moment, day) -> toInt64(toDate(fromUnixTimestamp64Milli(moment, {zone:String}))) = day
            AND toInt64(toDate(fromUnixTimestamp64Milli(moment - 1, {zone:String}))) = day - 1,
        {moments:Array(Int64)},
        {days:Array(Int64)}) AS same_days,
    zones[{zone:String}] AS reached,
    (
        SELECT count()
        FROM
        (
            SELECT 1
            FROM events
            WHERE project_id = {project_id:UInt32}
                AND toUInt64OrZero(splitByChar('_', _part)[3]) >= zones[{zone:String}][_partition_id]
                AND _block_number >= zones[{zone:String}][_partition_id]
            LIMIT 1
        )
    ) AS lacks
