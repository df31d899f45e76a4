-- A row for each conversion, with the touches before it (kind 1), one for the touches that led a person to none (kind 0),
-- and one with how many touches of each channel a person has, capped or not (kind 2).
-- Channels are numbers: 1 for those that do not stand apart, then those that do. A touch is one number too, its Unix
-- milliseconds times 256 and its channel: put in order several times faster than pairs. It is never negative.
-- tied: whether touches of a person that differ lie in one millisecond, so that their numbers decide
-- from: Unix milliseconds; lookback, gap: milliseconds, inclusive; cap: how many touches, and how many conversions, of a
-- person are looked at
SELECT
    person,
    capped,
    journey.1 AS kind,
    journey.4 AS value,
    tally,
    tied,
    arrayFilter(t -> t >= 256 * journey.3 AND t < 256 * (journey.2 + 1), touches) AS within,
    arrayFilter(
        (t, before) -> bitAnd(t, 255) != bitAnd(before, 255) OR bitShiftRight(t, 8) - bitShiftRight(before, 8) > {gap:Int64},
        within,
        arrayShiftRight(within, 1)
    ) AS kept,
    arrayMap(t -> bitShiftRight(t, 8), kept) AS times,
    arrayMap(t -> toUInt8(bitAnd(t, 255)), kept) AS path
FROM
(
    SELECT
        person,
        length(touched) > {cap:UInt32} OR length(converted) > {cap:UInt32} AS capped,
        arraySort(touched) AS ordered,
        arraySlice(ordered, 1, {cap:UInt32}) AS touches,
        arraySlice(arraySort(converted), 1, {cap:UInt32}) AS conversions,
        arrayMap(t -> toUInt8(bitAnd(t, 255)), touched) AS every,
        arrayMap(c -> (c, countEqual(every, c)), arrayDistinct(every)) AS tally,
        arrayExists(
            (t, before) -> t != before AND bitShiftRight(t, 8) = bitShiftRight(before, 8),
            ordered,
            arrayShiftRight(ordered, 1)
        ) AS tied,
        bitShiftRight(arrayMax(arrayPushFront(touched, 0)), 8) AS last_touch,
        arrayMax(c -> c.1, arrayPushFront(converted, ({from:Int64} - 1, toFloat64(0)))) AS last_conversion,
        arrayConcat(
            arrayMap(c -> (toUInt8(1), c.1, c.1 - {lookback:Int64}, c.2), conversions),
            if(
                last_touch > last_conversion,
                [(toUInt8(0), last_touch, greatest(last_conversion + 1, last_touch - {lookback:Int64}), toFloat64(0))],
                []
            ),
            if(notEmpty(touched), [(toUInt8(2), toInt64(-1), toInt64(0), toFloat64(0))], [])
        ) AS journeys
    FROM
    (
        SELECT
            {{person}} AS person,
            groupArrayIf(256 * {{time}} + {{channel}}, {{touch}} AND {{channel}} != 0) AS touched,
            groupArrayIf(({{time}}, {{value}}), {{conversion}} AND {{time}} >= {from:Int64}) AS converted
        FROM events
        WHERE {{rows}} AND ({{touch}} OR {{conversion}})
        GROUP BY person
    )
)
ARRAY JOIN journeys AS journey
