-- People by in how many intervals they were active.
SELECT intervals, count() AS people
FROM
(
    SELECT number, count() AS intervals
    FROM ({{people}})
    ARRAY JOIN bitmapToArray(people) AS number
    GROUP BY number
)
GROUP BY intervals
