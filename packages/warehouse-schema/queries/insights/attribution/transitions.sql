-- How often a touch of one channel follows one of another. 0 is the start, 255 a conversion, 254 none.
SELECT
    step.1 AS source,
    step.2 AS target,
    count() AS times
FROM
(
    SELECT arrayZip(arrayPushFront(path, 0), arrayPushBack(path, if(converted, 255, 254))) AS steps
    FROM ({{paths}})
    WHERE notEmpty(path)
)
ARRAY JOIN steps AS step
GROUP BY source, target
