-- Each person's furthest step where no row can be of two steps: windowFunnel is exact then, also for equal times. Over an
-- array it costs less than as an aggregate function of the rows.
SELECT
    person,
    touched AS value,
    arrayReduce(
        'windowFunnel({{window}})',
        arrayMap(r -> toUInt64(bitShiftRight(r, 12)), packed),
        {{conditions}}
    ) AS level,
    emptyArrayInt64() AS times,
    false AS excluded,
    false AS capped
FROM ({{packedRows}})
