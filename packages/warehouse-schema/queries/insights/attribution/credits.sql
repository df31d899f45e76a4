-- What each model gives each channel of the conversions, and of their value. Channel 0 has the totals: conversions,
-- those without a touch. The order of the models is that of `RULES` in models.ts.
-- direct: the channels that last non-direct passes over; half_life: milliseconds
SELECT
    entry.1 AS channel,
    sumForEach(entry.2) AS credits,
    sumForEach(arrayMap(weight -> weight * value, entry.2)) AS amounts,
    uniqExactIf(person, converted) AS people,
    uniqExactIf(person, capped) AS capped_people
FROM
(
    SELECT
        person,
        capped,
        converted,
        value,
        length(path) AS n,
        arrayLastIndex(c -> NOT has({direct:Array(UInt8)}, c), path) AS last_other,
        arrayMap(t -> exp2((t - times[n]) / {half_life:Float64}), times) AS decays,
        arraySum(decays) AS decay,
        length(arrayDistinct(path)) AS channels,
        arrayConcat(
            [(toUInt8(0), [toFloat64(converted), toFloat64(converted AND n = 0), 0, 0, 0, 0, 0, 0])],
            if(
                converted,
                arrayMap(
                    (c, k, d) -> (c, [
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
            )
        ) AS entries
    FROM ({{paths}})
)
ARRAY JOIN entries AS entry
GROUP BY channel
