-- Each journey: its steps that are shown and when they were, and how many it has; whether it converts, after how many
-- steps and milliseconds; the revenue of its rows.
SELECT
    person,
    arraySlice(step_nodes, first_shown, {{steps}}) AS nodes,
    arraySlice(step_times, first_shown, {{steps}}) AS times,
    step_count,
    conversion_at > 0 AS converts,
    if(converts, length({{counted}}), 0) AS steps_to_conversion,
    if(converts, journey[conversion_at].1 - journey[1].1, 0) AS ms_to_conversion,
    revenue
FROM
(
    SELECT
        person,
        journey,
        arrayMap(s -> s.2, shown) AS step_nodes,
        arrayMap(s -> s.1, shown) AS step_times,
        length(shown) AS step_count,
        {{first}} AS first_shown,
        conversion_at,
        arrayMap(r -> r.2, arrayFilter(r -> bitTest(r.3, 0), arraySlice(journey, 1, conversion_at))) AS before_conversion,
        revenue
    FROM
    (
        SELECT
            person,
            journey,
            arrayFilter((s, node, before) -> {{kept}}, steps, step_ids, arrayShiftRight(step_ids, 1, 0)) AS shown,
            arrayFirstIndex(r -> bitTest(r.3, 3), journey) AS conversion_at,
            arraySum(r -> r.4, journey) AS revenue
        FROM
        (
            SELECT
                person,
                arraySlice(tail, 1, ended) AS journey,
                arrayFilter(r -> bitTest(r.3, 0), journey) AS steps,
                arrayMap(s -> s.2, steps) AS step_ids
            FROM (SELECT person, tail, {{ended}} AS ended FROM ({{cut}}))
            WHERE ended > 0
        )
    )
)
