-- How many ids have no number, and what the next batch may be.
-- columns: ids, batch, numbered (of each project the greatest number that is there)
SELECT
    (
        SELECT count()
        FROM ({{ids}})
        WHERE (project_id, distinct_id) NOT IN
            (SELECT project_id, distinct_id FROM person_numbers WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM ({{ids}})))
    ) AS ids,
    max(last_batch) AS batch,
    CAST((groupArray(project_id), groupArray(last)), 'Map(UInt32, UInt32)') AS numbered
FROM
(
    SELECT project_id, max(number) AS last, max(batch) AS last_batch
    FROM person_numbers
    GROUP BY project_id
)
