-- Each person's furthest step where rows may be of several steps and no times are asked for: one pass over the rows in
-- order of time that holds, for each step, when the latest chain that reached it began (`light`); where rows of one moment
-- could be taken in several orders, moment by moment (`grouped`).
-- thin_above, cap: as in people-fold.sql
SELECT
    person,
    touched AS value,
    if(tied, toUInt8(length({{grouped}}.1)), {{light}}.1) AS level,
    emptyArrayInt64() AS times,
    false AS excluded,
    capped
FROM
(
    SELECT
        person,
        touched,
        length(thinned) > {cap:UInt32} AS capped,
        arraySlice(thinned, 1, {cap:UInt32}) AS kept,
        arrayExists(
            (x, y) -> bitShiftRight(x, 12) = bitShiftRight(y, 12) AND (bitCount(bitAnd(x, 4095)) > 1 OR bitCount(bitAnd(y, 4095)) > 1),
            arrayPopFront(kept),
            arrayPopBack(kept)
        ) AS tied,
        arrayMap(r -> (bitShiftRight(r, 12), toUInt32(bitAnd(r, 4095)), toUInt32(0)), if(tied, kept, arrayResize(kept, 0))) AS rows,
        if(tied, arrayResize(kept, 0), kept) AS untied
    FROM
    (
        SELECT
            person,
            touched,
            arraySort(packed) AS sorted,
            if(length(sorted) > {thin_above:UInt32}, sorted, arrayResize(sorted, 0)) AS many,
            arrayCumSum((r, before) -> bitAnd(r, 4095) != bitAnd(before, 4095), many, arrayShiftRight(many, 1)) AS runs,
            if(
                length(sorted) > {thin_above:UInt32},
                arrayFilter(
                    (r, run, before, after) -> run != before OR run != after,
                    many,
                    runs,
                    arrayShiftRight(runs, {{kept_of_run}}, 0),
                    arrayShiftLeft(runs, {{kept_of_run}}, 0)
                ),
                sorted
            ) AS thinned
        FROM ({{packedRows}})
    )
)
