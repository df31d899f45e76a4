-- How far the daily bitmaps are behind; one row.
-- columns: rows (of `events` that a kept zone lacks and that were there for longer than `seconds`), zone (such a one), doubled
-- (numbers that several ids have)
WITH
    (SELECT max(latest).reached FROM activity_progress) AS zones,
    mapKeys(if(empty(zones), map('UTC', CAST(map(), 'Map(String, UInt64)')), zones)) AS names
SELECT
    (
        SELECT (count(), any(zone))
        FROM events
        ARRAY JOIN names AS zone
        WHERE toUInt64OrZero(splitByChar('_', _part)[3]) >= arrayMin(arrayMap(z -> zones[z][_partition_id], names))
            AND _block_number >= zones[zone][_partition_id]
            AND inserted_at < now64(3, 'UTC') - toIntervalSecond({seconds:UInt32})
    ) AS lack,
    lack.1 AS rows,
    lack.2 AS zone,
    (
        SELECT sum(ids - numbers)
        FROM
        (
            SELECT count() AS ids, groupBitmap(one) AS numbers
            FROM (SELECT project_id, min(number) AS one FROM person_numbers GROUP BY project_id, distinct_id)
            GROUP BY project_id
        )
    ) AS doubled
