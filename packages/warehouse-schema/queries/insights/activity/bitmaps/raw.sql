-- To be united with the days: the people of rows of `events`, by the numbers that they have. A person without one has one
-- from above, for this query alone.
UNION ALL
SELECT place.1 AS set, place.2 AS position, groupBitmapState(transform(number, overrides.2, overrides.3, number)) AS people
FROM
(
    SELECT if(n.number > 0, n.number, toUInt32(4294967295 - rowNumberInAllBlocks())) AS number, places
    FROM
    (
        SELECT {{person}} AS person, groupUniqArrayArray(row_places) AS places
        FROM
        (
            SELECT id, groupUniqArrayArray(row_places) AS row_places FROM ({{rows}}) GROUP BY id
        )
        GROUP BY person
    ) AS r
    LEFT JOIN
    (
        SELECT distinct_id, min(number) AS number
        FROM person_numbers
        WHERE project_id = {project_id:UInt32} AND distinct_id IN (SELECT {{person}} FROM (SELECT DISTINCT id FROM ({{rows}})))
        GROUP BY distinct_id
    ) AS n ON n.distinct_id = r.person
)
ARRAY JOIN places AS place
GROUP BY set, position
