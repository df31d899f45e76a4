-- The aliases that name one of some ids.
-- ids: a table sent along, of project_id and id.
-- columns: project_id, from_id, to_id
SELECT DISTINCT project_id, from_id, to_id
FROM
(
    SELECT project_id, from_id, to_id
    FROM identity_links
    WHERE kind = 'alias' AND (project_id, from_id) IN (SELECT project_id, id FROM ids)
    UNION ALL
    SELECT project_id, from_id, to_id
    FROM identity_links
    WHERE kind = 'alias' AND (project_id, to_id) IN (SELECT project_id, id FROM ids)
)
