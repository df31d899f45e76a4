-- What the links say of some ids, and whose they were found to be last; of an id without links only the latter.
-- ids: a table sent along, of project_id and id.
-- columns: project_id, id, is_user (a link leads to it), is_identified (it was given to a user), first_at (the earliest
-- link that names it, Unix milliseconds), person (as noted; empty where none is)
SELECT
    project_id,
    id,
    max(target) AS is_user,
    max(source) AS is_identified,
    toUnixTimestamp64Milli(min(at)) AS first_at,
    max(noted) AS person
FROM
(
    SELECT project_id, from_id AS id, 0 AS target, max(kind = 'identify') AS source, min(first).1 AS at, '' AS noted
    FROM identity_links
    WHERE (project_id, from_id) IN (SELECT project_id, id FROM ids)
    GROUP BY project_id, id
    UNION ALL
    SELECT project_id, to_id AS id, 1 AS target, 0 AS source, min(first).1 AS at, '' AS noted
    FROM identity_links
    WHERE (project_id, to_id) IN (SELECT project_id, id FROM ids)
    GROUP BY project_id, id
    UNION ALL
    SELECT project_id, distinct_id AS id, 0 AS target, 0 AS source, toDateTime64('2200-01-01 00:00:00', 3, 'UTC') AS at,
        max(latest).person_id AS noted
    FROM person_override_versions
    WHERE (project_id, distinct_id) IN (SELECT project_id, id FROM ids)
    GROUP BY project_id, id
)
GROUP BY project_id, id
