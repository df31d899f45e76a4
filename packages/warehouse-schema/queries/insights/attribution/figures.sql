-- All that an answer needs of the paths, which are made once:
-- * target 253: what each model gives the channel `source` of the conversions, and of their value. Channel 0 has the
--   totals: conversions, those without a touch. The order of the models is that of `RULES` in models.ts.
-- * target 252: how many touches the channel `source` has, as its only credit; whether any lies in one millisecond with one of another channel.
-- * any other: how often a touch of channel `target` follows one of `source`. Source 0 is the start, target 255 a
--   conversion, 254 none.
-- direct: the channels that last non-direct passes over; half_life: milliseconds
SELECT
    entry.1 AS source,
    entry.2 AS target,
    count() AS times,
    sumForEach(entry.3) AS credits,
    sumForEach(arrayMap(weight -> weight * value, entry.3)) AS amounts,
    uniqExactIf(person, converted AND target = 253) AS people,
    uniqExactIf(person, capped AND target = 253) AS capped_people,
    max(tied) AS tied
FROM
(
    SELECT
        person,
        capped,
        tied,
        kind = 1 AS converted,
        value,
        length(path) AS n,
        arrayLastIndex(c -> NOT has({direct:Array(UInt8)}, c), path) AS last_other,
        arrayMap(t -> exp2((t - times[n]) / {half_life:Float64}), times) AS decays,
        arraySum(decays) AS decay,
        length(arrayDistinct(path)) AS channels,
        arrayConcat(
            if(kind = 2, arrayMap(t -> (t.1, toUInt8(252), [toFloat64(t.2)]), tally), []),
            if(
                converted OR (capped AND kind = 0),
                [(toUInt8(0), toUInt8(253), [toFloat64(converted), toFloat64(converted AND n = 0), 0, 0, 0, 0, 0, 0])],
                []
            ),
            if(
                converted,
                arrayMap(
                    (c, k, d) -> (c, toUInt8(253), [
                        toFloat64(indexOf(path, c) = k),
                        toFloat64(k = 1),
                        toFloat64(k = n),
                        toFloat64(k = if(last_other = 0, n, last_other)),
                        1 / n,
                        multiIf(n = 1, 1, n = 2, 0.5, k = 1 OR k = n, 0.4, 0.2 / (n - 2)),
                        d / decay,
                        if(indexOf(path, c) = k, 1 / channels, 0)
                    ]),
                    path,
                    arrayEnumerate(path),
                    decays
                ),
                []
            ),
            if(
                n > 0,
                arrayMap(
                    (c, next) -> (c, next, emptyArrayFloat64()),
                    arrayPushFront(path, toUInt8(0)),
                    arrayPushBack(path, if(converted, toUInt8(255), toUInt8(254)))
                ),
                []
            )
        ) AS entries
    FROM ({{paths}})
)
ARRAY JOIN entries AS entry
GROUP BY source, target
