-- What was refused in the range, by reason and field, with samples: id, moment (Unix milliseconds), what was expected, the
-- beginning of what came. A refusal that Kafka holds twice is one.
SELECT
    rejected.reason AS reason,
    rejected.field AS field,
    count() AS row_count,
    sum(row_count) OVER () AS total,
    toUnixTimestamp64Milli(min(rejected.received_at)) AS first,
    toUnixTimestamp64Milli(max(rejected.received_at)) AS last,
    groupArraySorted(3)((-toUnixTimestamp64Milli(rejected.received_at), rejected.message_id, rejected.detail, substringUTF8(rejected.payload, 1, 500))) AS samples
FROM
(
    SELECT reason, field, received_at, message_id, detail, payload
    FROM rejected_events
    WHERE project_id = {project_id:UInt32}
        AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    LIMIT 1 BY if(rejection_id = '', concat(log_id, ':', toString(log_offset), ':', toString(log_index)), concat('=', rejection_id))
) AS rejected
GROUP BY reason, field
ORDER BY row_count DESC, reason, field
LIMIT 100
