-- Lets the numbers of ids that were active again stay for longer.
INSERT INTO person_numbers (project_id, distinct_id, number, batch, expires)
SELECT n.project_id, n.distinct_id, n.number, n.batch, i.expires
FROM
(
    SELECT project_id, distinct_id, min(number) AS number, min(batch) AS batch, max(expires) AS until
    FROM person_numbers
    WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM ({{ids}}))
    GROUP BY project_id, distinct_id
) AS n
INNER JOIN ({{ids}}) AS i ON i.project_id = n.project_id AND i.distinct_id = n.distinct_id
WHERE i.expires > n.until
