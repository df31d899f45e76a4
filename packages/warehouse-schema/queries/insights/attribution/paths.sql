-- A row for each conversion, with the touches before it, and one for the touches that led a person to none.
-- Channels are numbers: 1 for those that do not stand apart, then those of `top`. Times are Unix milliseconds.
-- lookback, gap: milliseconds, inclusive; cap: how many touches, and how many conversions, of a person are looked at
SELECT
    person,
    capped,
    journey.1 AS converted,
    journey.4 AS value,
    arrayFilter(t -> t.1 >= journey.3 AND t.1 <= journey.2, touches) AS within,
    arrayFilter(
        (t, before) -> t.2 != before.2 OR t.1 - before.1 > {gap:Int64},
        within,
        arrayShiftRight(within, 1)
    ) AS kept,
    arrayMap(t -> t.1, kept) AS times,
    arrayMap(t -> t.2, kept) AS path
FROM
(
    SELECT
        person,
        length(touched) > {cap:UInt32} OR length(converted) > {cap:UInt32} AS capped,
        arraySlice(arraySort(touched), 1, {cap:UInt32}) AS touches,
        arraySlice(arraySort(converted), 1, {cap:UInt32}) AS conversions,
        arrayMax(t -> t.1, arrayPushFront(touched, (toInt64(0), toUInt8(0)))) AS last_touch,
        arrayMax(c -> c.1, arrayPushFront(converted, ({from:Int64} - 1, toFloat64(0)))) AS last_conversion,
        arrayConcat(
            arrayMap(c -> (true, c.1, c.1 - {lookback:Int64}, c.2), conversions),
            if(
                last_touch > last_conversion,
                [(false, last_touch, greatest(last_conversion + 1, last_touch - {lookback:Int64}), toFloat64(0))],
                []
            )
        ) AS journeys
    FROM
    (
        SELECT
            {{person}} AS person,
            groupArrayIf(({{time}}, toUInt8(indexOf({top:Array(String)}, {{channel}}) + 1)), {{touch}} AND {{channel}} != '') AS touched,
            groupArrayIf(({{time}}, {{value}}), {{conversion}} AND {{time}} >= {from:Int64}) AS converted
        FROM events
        WHERE {{rows}} AND ({{touch}} OR {{conversion}})
        GROUP BY person
    )
)
ARRAY JOIN journeys AS journey
