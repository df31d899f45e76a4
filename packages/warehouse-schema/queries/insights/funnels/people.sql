-- Who reached a step, or got no further than the one before it; who entered last comes first.
SELECT
    people.person AS person,
    people.level AS level,
    people.times AS times
FROM ({{peopleLevels}}) AS people
WHERE {{wanted}}
ORDER BY times[1] DESC, person
LIMIT {limit:UInt32}
