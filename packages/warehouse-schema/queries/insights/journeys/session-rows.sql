-- Each session's steps and conversions in order: (Unix milliseconds, step, flags, revenue); a session is what the view
-- `sessions` says. Of a device's rows without a session's id all are needed to find where sessions end; they have no
-- flags where they are neither a step nor a conversion. A session is the person's whose row is its last.
-- flags, as bits: 1 a step, 2 one to start at, 4 one to end at, 8 a conversion.
SELECT
    session[-1].5 AS person,
    arrayMap(r -> (r.1, r.2, r.3, r.4), session) AS rows
FROM
(
    SELECT arrayJoin(if(
        of_device,
        arraySplit((r, days) -> days > 0, busy, arrayDifference(arrayMap(r -> intDiv(r.1 - began, 86400000), busy))),
        [busy]
    )) AS session
    FROM
    (
        SELECT of_device, busy, busy[1].1 AS began
        FROM
        (
            SELECT
                of_device,
                arrayJoin(if(
                    of_device,
                    arraySplit((r, gap) -> gap > 1800000, every, arrayDifference(arrayMap(r -> r.1, every))),
                    [every]
                )) AS busy
            FROM
            (
                SELECT
                    events.session_id = '' AS of_device,
                    if(of_device, events.anonymous_id, events.session_id) AS key,
                    arrayMap(
                        r -> (r.1, r.3, r.4, r.5, r.6),
                        arraySort(groupArray((
                            toUnixTimestamp64Milli(events.timestamp),
                            events.message_id,
                            {{id}},
                            toUInt8(if({{where}}, {{flags}}, 0)),
                            {{revenue}},
                            {{person}}
                        )))
                    ) AS every
                FROM events
                WHERE {{rows}}
                    AND if(
                        events.session_id != '',
                        ({{where}}) AND {{any}},
                        events.anonymous_id != '' AND (events.user_agent != '' OR events.device_type != '')
                    )
                GROUP BY of_device, key
            )
        )
    )
)
