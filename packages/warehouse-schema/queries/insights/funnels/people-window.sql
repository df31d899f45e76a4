-- Each person's furthest step where no row can be of two steps: windowFunnel is exact then, also for equal times.
-- window: milliseconds, inclusive
SELECT
    {{person}} AS person,
    {{touch}} AS value,
    windowFunnel({{window}})(toUInt64({{time}}), {{conditions}}) AS level,
    emptyArrayInt64() AS times,
    false AS excluded,
    false AS capped
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY person
