-- Ids that have a person of their own no more reason for: every link of theirs is gone.
-- columns: project_id, id
SELECT project_id, distinct_id AS id
FROM person_override_versions
WHERE (project_id, distinct_id) GLOBAL NOT IN (SELECT project_id, from_id FROM identity_links UNION DISTINCT SELECT project_id, to_id FROM identity_links)
GROUP BY project_id, distinct_id
HAVING max(latest).person_id != distinct_id
LIMIT 20000
