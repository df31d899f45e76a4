-- The most steps that each person did within one window, in any order, each by a row of its own, and whether something
-- that is excluded came between. As in people-unordered.sql, from the last row to the first. Of who did every step a try
-- counts in which nothing excluded lies between the first row and the last, both moments left out; the others are judged
-- by the last try that got so far: nothing excluded may follow within its window.
-- a: steps, when the last try that got so far began, whether something excluded followed it, when the first clean try of
-- all steps began (-1: none), for each set of steps the next rows, the next two moments with something excluded.
-- sets: the sets of steps as bits; of steps that exclude each other, each step alone.
SELECT
    person,
    touched AS value,
    if(excluded, 0, r.1) AS level,
    [if(r.1 = {{count}}, r.4, r.2)] AS times,
    if(r.1 = {{count}}, r.4 < 0, r.3 != 0) AS excluded,
    capped
FROM
(
    SELECT
        person,
        touched,
        length(unsorted) > {cap:UInt32} AS capped,
        arrayFold(
            (a, x) -> arrayMap(
                (next, bars) -> arrayMap(
                    later -> arrayMap(
                        (level, clean) -> (
                            greatest(level, a.1),
                            if(level > a.1, x.1, a.2),
                            if(level > a.1, later - x.1 <= {{window}}, a.3),
                            if(clean = {{count}}, x.1, a.4),
                            next,
                            bars
                        ),
                        [if(x.2 != 0 AND x.1 < {entry_end:Int64}, toUInt8({{found}}), toUInt8(0))],
                        [if(x.2 != 0 AND x.1 < {entry_end:Int64}, toUInt8({{clean}}), toUInt8(0))]
                    )[1],
                    [if(bars.1 > x.1, bars.1, bars.2)]
                )[1],
                [arrayMap(
                    (times, steps) -> if(
                        bitAnd(x.2, steps) != 0,
                        arraySlice(arrayPushFront(times, x.1), 1, bitCount(steps)),
                        times
                    ),
                    a.5,
                    {sets:Array(UInt32)}
                )],
                [if(x.3 != 0 AND x.1 < a.6.1, (x.1, a.6.1), a.6)]
            )[1],
            arrayReverse(arraySlice(arraySort(unsorted), 1, {cap:UInt32})),
            (
                toUInt8(0),
                toInt64(0),
                toUInt8(0),
                toInt64(-1),
                arrayMap(s -> emptyArrayInt64(), {sets:Array(UInt32)}),
                (toInt64(9000000000000000), toInt64(9000000000000000))
            )
        ) AS r
    FROM ({{rowsOfPeople}})
)
