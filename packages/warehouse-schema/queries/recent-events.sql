-- The events that arrived last, newest first.
-- project_id: the project; since: none that arrived before (Unix milliseconds); max_rows: at most so many.
-- columns: those below; times are Unix milliseconds. inserted_at - received_at is how long an event took to be visible.
SELECT
    message_id,
    type,
    event,
    toUnixTimestamp64Milli(timestamp) AS timestamp,
    toUnixTimestamp64Milli(received_at) AS received_at,
    toUnixTimestamp64Milli(inserted_at) AS inserted_at,
    anonymous_id,
    user_id,
    session_id,
    name,
    url,
    path,
    title,
    referrer_domain,
    utm_source,
    utm_medium,
    utm_campaign,
    channel,
    browser,
    os,
    device_type,
    country,
    ip,
    locale,
    library,
    toFloat64(revenue) AS revenue,
    currency,
    is_bot,
    clock_clamped,
    late,
    properties,
    traits
FROM events
WHERE project_id = {project_id:UInt32} AND events.received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
ORDER BY events.received_at DESC
LIMIT {max_rows:UInt32}
