-- How many rows came in the blocks [from, next) of a partition, by UTC day.
-- columns: day, rows
SELECT toDate(timestamp) AS day, count() AS rows
FROM events
WHERE _partition_id = {partition:String}
    AND toUInt64OrZero(splitByChar('_', _part)[3]) >= {from:UInt64}
    AND _block_number >= {from:UInt64}
    AND _block_number < {next:UInt64}
GROUP BY day
ORDER BY day
