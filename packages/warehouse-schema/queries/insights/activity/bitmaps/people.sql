-- The people of each interval as a bitmap of numbers, intervals without any too: by whole days from `activity_daily`, and
-- from `events` what is not in there yet and the days of which only a part counts. Who was merged counts by the person's
-- number. A person without a number has one from above, for this query alone.
-- columns: set, position (of the interval in its set), people
WITH
    (
        SELECT (groupBitmapState(number), groupArray(number), groupArray(person))
        FROM
        (
            SELECT number, max(latest).person AS person
            FROM person_number_overrides
            WHERE project_id = {project_id:UInt32}
            GROUP BY number
            HAVING person != number
        )
    ) AS overrides
SELECT set, position, groupBitmapMergeState(people) AS people
FROM
(
    SELECT
        set,
        position,
        bitmapOr(
            bitmapAndnot(ids, overrides.1),
            bitmapBuild(arrayMap(n -> transform(n, overrides.2, overrides.3, n), bitmapToArray(bitmapAnd(ids, overrides.1))))) AS people
    FROM
    (
        {{days}}
    )
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
    UNION ALL
    {{every}}
)
GROUP BY set, position
