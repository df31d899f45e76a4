-- Brings the overrides since a version into numbers.
INSERT INTO person_number_overrides (project_id, number, latest)
SELECT o.project_id, i.number, (o.version, p.number)
FROM
(
    SELECT project_id, distinct_id, max(latest) AS newest, newest.version AS version, newest.person_id AS person_id
    FROM person_override_versions
    GROUP BY project_id, distinct_id
    HAVING version >= {since:UInt64}
) AS o
INNER JOIN
(
    SELECT project_id, distinct_id, min(number) AS number
    FROM person_numbers
    WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM ({{ids}}))
    GROUP BY project_id, distinct_id
) AS i ON i.project_id = o.project_id AND i.distinct_id = o.distinct_id
INNER JOIN
(
    SELECT project_id, distinct_id, min(number) AS number
    FROM person_numbers
    WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM ({{ids}}))
    GROUP BY project_id, distinct_id
) AS p ON p.project_id = o.project_id AND p.distinct_id = o.person_id
