-- The values of the breakdown for which the first measure is greatest over the whole range; equal ones by name.
SELECT {{value}} AS value
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY value
ORDER BY {{measure}} DESC NULLS LAST, value
LIMIT {limit:UInt32}
