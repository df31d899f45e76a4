-- Each person's furthest chain of steps, by one pass over the rows in order of time (`light`; where rows of one moment
-- could be taken in several orders, `grouped`, moment by moment).
-- cap: how many rows of a person are looked at. Above it, of a run of equal rows only the first and last as many as
-- there are steps are kept, which changes nothing unless steps have windows of their own.
SELECT
    person,
    touched,
    {{value}} AS value,
    {{level}} AS level,
    {{times}} AS times,
    {{excluded}} AS excluded,
    capped
FROM
(
    SELECT
        person,
        touched,
        rows,
        capped,
        {{folds}}
    FROM
    (
        SELECT
            person,
            touched,
            length(thinned) > {cap:UInt32} AS capped,
            arraySlice(thinned, 1, {cap:UInt32}) AS rows,
            {{tied}} AS tied
        FROM
        (
            SELECT
                person,
                touched,
                arraySort(r -> (r.1, r.2 = 0, bitAnd(r.2, -toInt64(r.2))), unsorted) AS sorted,
                if(length(sorted) > {cap:UInt32}, sorted, arrayResize(sorted, 0)) AS many,
                arrayCumSum((r, before) -> (r.2, r.3) != (before.2, before.3), many, arrayShiftRight(many, 1)) AS runs,
                if(
                    length(sorted) > {cap:UInt32} AND {{thin}},
                    arrayFilter(
                        (r, run, before, after) -> run != before OR run != after,
                        many,
                        runs,
                        arrayShiftRight(runs, {{steps}}, 0),
                        arrayShiftLeft(runs, {{steps}}, 0)
                    ),
                    sorted
                ) AS thinned
            FROM ({{rowsOfPeople}})
        )
    )
)
