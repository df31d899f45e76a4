-- Each person's rows of the funnel, each as one number: Unix milliseconds, and in the last 12 bits the steps that it is of.
SELECT
    {{person}} AS person,
    {{touch}} AS touched,
    groupArray({{time}} * 4096 + {{mask}}) AS packed
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY person
