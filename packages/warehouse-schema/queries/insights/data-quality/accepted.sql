-- How many events arrived in the range and were accepted. By arrival, as refusals are counted.
SELECT count() AS row_count
FROM events
WHERE events.project_id = {project_id:UInt32}
    AND events.received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND events.received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
