-- How many people were active on a day, by how many days later they were again: the longest window at most, also for
-- those who never were. Such a person is in a window of n days on that day and on the days after it, gap or n in all.
-- longest: days of the longest window
SELECT
    active.1 AS position,
    active.2 AS gap,
    count() AS people
FROM ({{positions}})
ARRAY JOIN arrayZip(
    positions,
    arrayMap(
        (position, next) -> least(toInt64(next) - toInt64(position), {longest:UInt16}),
        positions,
        arrayPushBack(arrayPopFront(positions), 1000000)
    )
) AS active
GROUP BY position, gap
