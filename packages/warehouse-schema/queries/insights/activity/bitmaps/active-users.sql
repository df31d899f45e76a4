-- How many people were active on a day, and within the 7 and 30 days that end with it.
SELECT
    position,
    bitmapCardinality(people) AS daily,
    bitmapCardinality(groupBitmapMergeState(people) OVER (ORDER BY position ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)) AS weekly,
    bitmapCardinality(groupBitmapMergeState(people) OVER (ORDER BY position ROWS BETWEEN 29 PRECEDING AND CURRENT ROW)) AS monthly
FROM ({{people}})
ORDER BY position
