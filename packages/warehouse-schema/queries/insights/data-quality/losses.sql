-- What SDKs say that they had to give up: the numbers in their reports, by library, version and reason.
SELECT
    events.library AS library,
    events.library_version AS version,
    part.1 AS reason,
    sum(part.2) AS lost
FROM events
ARRAY JOIN arrayFilter(one -> one.2 > 0, [
    ('invalid', toUInt64OrZero(ifNull(toString(events.properties.invalid), ''))),
    ('unserializable', toUInt64OrZero(ifNull(toString(events.properties.unserializable), ''))),
    ('too_large', toUInt64OrZero(ifNull(toString(events.properties.too_large), ''))),
    ('queue_full', toUInt64OrZero(ifNull(toString(events.properties.queue_full), ''))),
    ('expired', toUInt64OrZero(ifNull(toString(events.properties.expired), ''))),
    ('rejected', toUInt64OrZero(ifNull(toString(events.properties.rejected), ''))),
    ('closed', toUInt64OrZero(ifNull(toString(events.properties.closed), '')))]) AS part
WHERE {{rows}}
GROUP BY library, version, reason
ORDER BY lost DESC, library, version, reason
LIMIT 100
