-- People active in each interval: for the first time of all, and those active in the interval before it too.
SELECT
    active.1 AS position,
    count() AS people,
    countIf(active.2 = -1) AS new_people,
    countIf(active.2 = toInt64(active.1) - 1) AS returning_people
FROM ({{positions}})
ARRAY JOIN arrayZip(positions, arrayPushFront(arrayPopBack(arrayMap(p -> toInt64(p), positions)), -1)) AS active
WHERE active.1 > 0
GROUP BY position
