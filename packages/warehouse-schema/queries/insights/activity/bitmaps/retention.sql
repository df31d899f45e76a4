-- How many of each cohort came back in the intervals from its own on. Set 0 has who starts, set 1 who comes back.
-- first: the position of the first cohort in set 0; periods: intervals after the cohort's own.
SELECT
    cohort,
    any(size) AS people,
    arrayMap(one -> one.2, arraySort(groupArray((period, back)))) AS retained
FROM
(
    SELECT
        s.1 AS cohort,
        bitmapCardinality(s.2) AS size,
        r.1 - s.1 AS period,
        bitmapAndCardinality(s.2, {{returned}}) AS back
    FROM
    (
        SELECT
            groupArrayIf((toInt64(position) - {first:Int64}, starters), set = 0 AND position >= {first:Int64}) AS starts,
            groupArrayIf((toInt64(position), people), set = 1) AS returns
        FROM
        (
            SELECT set, position, people, {{starters}} AS starters
            FROM ({{people}})
        )
    )
    ARRAY JOIN starts AS s
    ARRAY JOIN returns AS r
    WHERE r.1 >= s.1 AND r.1 <= s.1 + {periods:UInt32}
)
GROUP BY cohort
ORDER BY cohort
