-- Each person's steps and conversions in order: (Unix milliseconds, id, step, flags, revenue).
-- flags, as bits: 1 a step, 2 one to start at, 4 one to end at, 8 a conversion.
SELECT
    {{person}} AS person,
    arrayMap(
        r -> (r.1, r.3, r.4, r.5),
        arraySort(groupArray((toUnixTimestamp64Milli(events.timestamp), events.message_id, {{id}}, toUInt8({{flags}}), {{revenue}})))
    ) AS rows
FROM events
WHERE {{rows}} AND {{any}}
GROUP BY person
