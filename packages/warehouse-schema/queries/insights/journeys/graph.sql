-- Steps of each level, and from each to what follows it (next 0: whatever follows; 2: nothing; 3: more than is shown).
-- tops: the steps of each level that stand apart, from `first_level` on; 1 is all others.
SELECT
    level,
    node,
    next,
    uniqExact(person) AS people,
    count() AS journeys,
    quantileExactInclusive(0.5)(gap) AS median_ms
FROM
(
    SELECT
        person,
        link.1 AS level,
        link.2 AS node,
        link.3 AS next,
        link.4 AS gap
    FROM
    (
        SELECT
            person,
            arrayMap(
                (node, level) -> if(has({tops:Array(Array(UInt64))}[level - {first_level:Int32} + 1], node), node, 1),
                nodes,
                levels
            ) AS shown,
            arrayJoin(arrayZip(
                levels,
                shown,
                arrayPushBack(arrayPopFront(shown), if(step_count > length(nodes), 3, 2)),
                arrayPushBack(arrayPopFront(arrayDifference(times)), 0)
            )) AS link
        FROM (SELECT person, nodes, times, step_count, {{levels}} AS levels FROM ({{journeys}}))
    )
)
GROUP BY GROUPING SETS ((level, node), (level, node, next))
