-- How many of each cohort came back in the periods from each person's own start on. `back` has the moments at which the
-- person came back; `periods_back` in which periods that was.
-- periods: after the first; length: of a period, in milliseconds.
SELECT
    anchor.1 AS cohort,
    count() AS people,
    sumForEach(arrayMap(k -> toUInt64({{retained}}), range({periods:UInt32} + 1))) AS retained
FROM
(
    SELECT
        anchor,
        arrayMap(
            t -> intDiv(t - anchor.2, {length:Int64}),
            arrayFilter(t -> t >= anchor.2 AND t < anchor.2 + {length:Int64} * ({periods:UInt32} + 1), back)
        ) AS periods_back
    FROM
    (
        {{people}}
    )
    ARRAY JOIN anchors AS anchor
)
GROUP BY cohort
ORDER BY cohort
