-- One page of what a person did.
SELECT
    events.message_id AS messageId,
    toUnixTimestamp64Milli(events.timestamp) AS ms,
    events.event AS event,
    events.type AS type,
    events.distinct_id AS distinctId,
    events.session_id AS sessionId,
    events.url AS url,
    events.path AS path,
    events.title AS title,
    events.referrer AS referrer,
    events.channel AS channel,
    events.device_type AS deviceType,
    events.country AS country,
    toFloat64(events.revenue) AS revenue,
    events.properties AS properties,
    events.traits AS traits
FROM events
WHERE {{rows}} AND events.distinct_id GLOBAL IN ({{ids}}) AND {{after}}
ORDER BY events.timestamp {{order}}, events.message_id {{order}}
LIMIT {limit:UInt32}
