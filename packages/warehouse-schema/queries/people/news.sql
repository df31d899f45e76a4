-- Ids with a link that arrived since a time, and what they are linked to thereby. A link that came again has no news.
-- since: Unix milliseconds; slices, slice: a part of those ids, by their hash.
-- columns: project_id, id, others (the ids that the new links name), owner (whom the id belongs to if it is anonymous)
SELECT
    project_id,
    from_id AS id,
    groupArrayIf(to_id, arrived >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')) AS others,
    argMin(to_id, (first_at, to_id)) AS owner
FROM
(
    SELECT project_id, from_id, kind, to_id, min(first) AS earliest, earliest.1 AS first_at, earliest.2 AS arrived
    FROM identity_links
    WHERE (project_id, from_id) GLOBAL IN
    (
        SELECT project_id, from_id
        FROM identity_links
        WHERE first.2 >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
            AND cityHash64(project_id, from_id) % {slices:UInt32} = {slice:UInt32}
    )
    GROUP BY project_id, from_id, kind, to_id
)
GROUP BY project_id, from_id
HAVING max(arrived) >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
