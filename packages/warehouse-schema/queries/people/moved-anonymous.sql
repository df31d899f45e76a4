-- Anonymous ids whose person is not the noted one: of those that have news, and of those that belong to a user who moves.
-- An anonymous id belongs to the user that its earliest link names, by (time, user id).
-- members: a table sent along, of project_id, id, person (of a user) and role: 'anonymous', or of a user 'stays', 'moves'.
-- max_rows: how many at most.
-- columns: project_id, distinct_id, person_id
WITH
    candidates AS
    (
        SELECT project_id, id FROM members WHERE role = 'anonymous'
        UNION DISTINCT
        SELECT project_id, from_id AS id
        FROM identity_links
        WHERE (project_id, to_id) IN (SELECT project_id, id FROM members WHERE role = 'moves')
    ),
    owned AS
    (
        SELECT project_id, from_id AS id, argMin(to_id, (first.1, to_id)) AS owner
        FROM identity_links
        WHERE (project_id, from_id) GLOBAL IN (SELECT project_id, id FROM candidates)
        GROUP BY project_id, id
        HAVING max(kind = 'identify')
            AND (project_id, id) GLOBAL NOT IN
                (SELECT project_id, to_id FROM identity_links WHERE (project_id, to_id) GLOBAL IN (SELECT project_id, id FROM candidates))
    ),
    noted AS
    (
        SELECT project_id, distinct_id AS id, max(latest).person_id AS person
        FROM person_override_versions
        WHERE (project_id, distinct_id) GLOBAL IN (SELECT project_id, id FROM candidates)
        GROUP BY project_id, id
    )
SELECT o.project_id AS project_id, o.id AS distinct_id, m.person AS person_id
FROM owned AS o
INNER JOIN (SELECT project_id, id, person FROM members WHERE role != 'anonymous') AS m
    ON m.project_id = o.project_id AND m.id = o.owner
LEFT JOIN noted AS n ON n.project_id = o.project_id AND n.id = o.id
WHERE n.person != m.person
LIMIT {max_rows:UInt32}
