-- The ids and persons of the overrides since a version; their numbers are kept as long as each day's look finds them.
-- columns: project_id, distinct_id, expires
SELECT project_id, distinct_id, today() + 35 AS expires
FROM
(
    SELECT DISTINCT project_id, arrayJoin([distinct_id, latest.person_id]) AS distinct_id
    FROM person_override_versions
    WHERE latest.version >= {since:UInt64}
)
