-- How many of each cohort came back in the intervals from its own on, by the calendar. `back` has a bit for each interval
-- in which the person came back often enough.
-- periods: intervals after the cohort's own.
SELECT
    anchor.1 AS cohort,
    count() AS people,
    sumForEach(arrayMap(k -> toUInt64({{retained}}), range({periods:UInt32} + 1))) AS retained
FROM
(
    {{people}}
)
ARRAY JOIN anchors AS anchor
GROUP BY cohort
ORDER BY cohort
