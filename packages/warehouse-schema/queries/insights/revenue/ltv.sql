-- Revenue of each cohort in the intervals from its own on. A person is of the interval of their first row of `firsts`.
-- bounds: 0, where the intervals begin, where the last one ends (Unix milliseconds); from, to: when a cohort's first
-- row may be; periods: after the cohort's own
SELECT
    cohort,
    count() AS people,
    sumForEach(arrayMap(
        p -> arraySum(arrayMap((position, amount) -> if(position = p, amount, 0), positions, amounts)),
        range(toUInt32(cohort), toUInt32(cohort) + {periods:UInt32} + 1)
    )) AS revenue
FROM
(
    SELECT
        person,
        toUInt32(indexOf({bounds:Array(Int64)}, roundDown(min(first), {bounds:Array(Int64)}))) AS cohort,
        groupArray(position) AS positions,
        groupArray(amount) AS amounts
    FROM
    (
        SELECT
            {{person}} AS person,
            toUInt32(indexOf({bounds:Array(Int64)}, roundDown({{time}}, {bounds:Array(Int64)}))) AS position,
            minIf({{time}}, {{firsts}}) AS lowest,
            if(countIf({{firsts}}) > 0, lowest, {never:Int64}) AS first,
            toFloat64(ifNull(sumIf({{amount}}, {{choice}}), 0)) AS amount
        FROM events
        WHERE {{rows}} AND ({{firsts}} OR {{choice}})
        GROUP BY person, position
    )
    GROUP BY person
    HAVING min(first) >= {from:Int64} AND min(first) < {to:Int64}
)
GROUP BY cohort
