-- Of all journeys together (kind 0), of whole paths (1) and of the steps of each level (2), those that most people took
-- first: one look at the journeys. A few more than are wanted, so that names can decide.
-- limit: rows of a kind and level
SELECT
    entry.1 AS kind,
    entry.2 AS level,
    entry.3 AS node,
    entry.4 AS path,
    uniqExact(person) AS people,
    count() AS journeys,
    uniqExactIf(person, converts) AS converted_people,
    countIf(converts) AS converted,
    avgIf(steps_to_conversion, converts) AS average_steps,
    quantileExactInclusiveIf(0.5)(steps_to_conversion, converts) AS median_steps,
    avgIf(ms_to_conversion, converts) AS average_ms,
    quantileExactInclusiveIf(0.5)(ms_to_conversion, converts) AS median_ms,
    quantileExactInclusiveIf(0.9)(ms_to_conversion, converts) AS p90_ms,
    toFloat64(sum(revenue)) AS value
FROM
(
    SELECT
        person,
        converts,
        steps_to_conversion,
        ms_to_conversion,
        revenue,
        arrayConcat(
            [
                (toUInt8(0), toInt32(0), toUInt64(0), emptyArrayUInt64()),
                (toUInt8(1), toInt32(0), toUInt64(0), nodes)
            ],
            arrayMap((node, level) -> (toUInt8(2), level, node, emptyArrayUInt64()), nodes, {{levels}})
        ) AS entries
    FROM ({{journeys}})
)
ARRAY JOIN entries AS entry
GROUP BY kind, level, node, path
ORDER BY kind, level, people DESC, journeys DESC, node, path
LIMIT {limit:UInt32} BY kind, level
