-- Whole paths, those that most people took first; before them, without steps, all journeys together.
SELECT
    nodes,
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
FROM ({{journeys}})
GROUP BY GROUPING SETS ((nodes), ())
ORDER BY length(nodes) > 0, people DESC, journeys DESC, nodes
LIMIT {limit:UInt32}
