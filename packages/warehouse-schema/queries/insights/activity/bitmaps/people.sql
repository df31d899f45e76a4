-- The people of each interval as a bitmap of numbers, intervals without any too: by whole days from `activity_daily`, and
-- from `events` what is not in there yet and the days of which only a part counts. Who was merged counts by the person's
-- number; FINAL, since that table is small, sorted and of numbers: to group it takes twenty times as long.
-- columns: set, position (of the interval in its set), people
WITH
    (
        SELECT (groupBitmapState(number), groupArray(number), groupArray(person))
        FROM
        (
            SELECT number, latest.person AS person
            FROM person_number_overrides FINAL
            WHERE project_id = {project_id:UInt32} AND person != number
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
    {{raw}}
    UNION ALL
    {{every}}
)
GROUP BY set, position
