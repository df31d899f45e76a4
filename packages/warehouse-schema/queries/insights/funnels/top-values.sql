-- The values of the breakdown with the most people who entered; equal ones by name.
SELECT people.value AS shown
FROM ({{peopleLevels}}) AS people
WHERE people.level > 0
GROUP BY shown
ORDER BY count() DESC, shown
LIMIT {limit:UInt32}
