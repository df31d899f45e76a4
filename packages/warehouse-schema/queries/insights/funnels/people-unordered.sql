-- The most steps that each person did within one window, in any order, each by a row of its own. From the last row to
-- the first: for each set of steps, when the next rows of any of them come. By Hall's theorem as many steps have rows
-- of their own as there are, less what the neediest set lacks.
-- sets: the sets of steps as bits; of steps that exclude each other, each step alone.
SELECT
    person,
    touched AS value,
    r.1 AS level,
    [r.2] AS times,
    false AS excluded,
    capped
FROM
(
    SELECT
        person,
        touched,
        length(unsorted) > {cap:UInt32} AS capped,
        arrayFold(
            (a, x) -> arrayMap(
                (next) -> arrayMap(
                    (level) -> if(x.1 < {entry_end:Int64} AND level >= a.1 AND level > 0, (level, x.1, next), (a.1, a.2, next)),
                    [toUInt8({{found}})]
                )[1],
                [arrayMap(
                    (times, steps) -> if(
                        bitAnd(x.2, steps) != 0,
                        arraySlice(arrayPushFront(times, x.1), 1, bitCount(steps)),
                        times
                    ),
                    a.3,
                    {sets:Array(UInt32)}
                )]
            )[1],
            arrayReverse(arraySlice(arraySort(unsorted), 1, {cap:UInt32})),
            (toUInt8(0), toInt64(0), arrayMap(s -> emptyArrayInt64(), {sets:Array(UInt32)}))
        ) AS r
    FROM ({{rowsOfPeople}})
)
