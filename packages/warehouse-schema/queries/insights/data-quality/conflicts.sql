-- How many events that arrived in the range had the id of another one. One that Kafka holds twice is one.
SELECT uniqExact(if(rejection_id = '', concat(log_id, ':', toString(log_offset), ':', toString(log_index)), concat('=', rejection_id))) AS row_count
FROM rejected_events
WHERE project_id = {project_id:UInt32}
    AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND reason = 'duplicate_id'
