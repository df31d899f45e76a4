-- People by in how many intervals they were active.
SELECT
    length(positions) AS intervals,
    count() AS people
FROM ({{positions}})
GROUP BY intervals
