-- Each person's rows of the funnel: Unix milliseconds, bits of the steps, bits of the exclusions. Only who entered.
SELECT
    {{person}} AS person,
    {{touch}} AS touched,
    groupArray(({{time}}, {{mask}}, {{excluding}}{{extra}})) AS unsorted
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY person
HAVING max({{entry}})
