-- People active in each interval: for the first time of all, and those active in the interval before it too.
SELECT
    position,
    bitmapCardinality(active) AS people,
    bitmapAndnotCardinality(active, earlier) AS new_people,
    bitmapAndCardinality(active, before) AS returning_people
FROM
(
    SELECT
        position,
        people AS active,
        groupBitmapMergeState(people) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier,
        groupBitmapMergeState(people) OVER (ORDER BY position ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS before
    FROM ({{people}})
)
WHERE position > 0
ORDER BY position
