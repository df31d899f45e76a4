-- The pages with the most people; of equal ones those with more events, then by name.
SELECT
    events.path AS path,
    uniqExact({{person}}) AS people,
    count() AS row_count
FROM events
WHERE {{rows}} AND events.path != ''
GROUP BY path
ORDER BY people DESC, row_count DESC, path
LIMIT {limit:UInt32}
