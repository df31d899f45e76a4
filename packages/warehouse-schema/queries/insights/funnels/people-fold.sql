-- Each person's furthest chain of steps, by one pass over the rows in order of time (`light`; where rows of one moment
-- could be taken in several orders, `grouped`, moment by moment).
-- thin_above: of whoever has more rows, only the first and last few of a run of equal rows are kept, twice as many
-- as there are steps (a moment may hold as many again); that changes nothing unless steps have windows of their own.
-- cap: how many rows are then looked at.
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
        tied,
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
                arraySort(r -> (r.1, r.2 = 0, bitAnd(r.2, -toInt64(r.2))), unsorted) AS every,
                {{telling}} AS sorted,
                if(length(sorted) > {thin_above:UInt32}, sorted, arrayResize(sorted, 0)) AS many,
                arrayCumSum((r, before) -> (r.2, r.3) != (before.2, before.3), many, arrayShiftRight(many, 1)) AS runs,
                if(
                    length(sorted) > {thin_above:UInt32} AND {{thin}},
                    arrayFilter(
                        (r, run, before, after) -> run != before OR run != after,
                        many,
                        runs,
                        arrayShiftRight(runs, {{kept}}, 0),
                        arrayShiftLeft(runs, {{kept}}, 0)
                    ),
                    sorted
                ) AS thinned
            FROM ({{rowsOfPeople}})
        )
    )
)
