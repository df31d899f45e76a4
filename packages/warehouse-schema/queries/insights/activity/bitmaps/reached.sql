-- Whether the daily bitmaps may answer: from which block on `events` are not in them, and whether ClickHouse's days of a
-- time zone are ours; one row.
-- zone; moments: Unix milliseconds at which days begin; days: which ones these are, counted from 1970.
-- columns: has_zone, same_days, reached (of each partition of `events` the first block that they lack)
WITH (SELECT max(latest).reached FROM activity_progress) AS zones
SELECT
    mapContains(zones, {zone:String}) AS has_zone,
    arrayAll(
        (moment, day) -> toInt64(toDate(fromUnixTimestamp64Milli(moment, {zone:String}))) = day
            AND toInt64(toDate(fromUnixTimestamp64Milli(moment - 1, {zone:String}))) = day - 1,
        {moments:Array(Int64)},
        {days:Array(Int64)}) AS same_days,
    zones[{zone:String}] AS reached
