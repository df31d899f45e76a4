-- Numbers ids that have none, from the greatest of their project on, unless another batch came in between. One block, in
-- one order: of two that give the same batch at the same time, its token lets one in.
-- batch: of these numbers; numbered: of each project the greatest number ever given, as JSON; most: how many ids.
INSERT INTO person_numbers (project_id, distinct_id, number, batch, expires)
WITH
    given AS (SELECT mapApply((project, number) -> (toUInt32(project), number), JSONExtract({numbered:String}, 'Map(String, UInt32)'))),
    fresh AS
    (
        SELECT project_id, distinct_id, expires
        FROM ({{ids}})
        WHERE (project_id, distinct_id) NOT IN
            (SELECT project_id, distinct_id FROM person_numbers WHERE (project_id, distinct_id) IN (SELECT project_id, distinct_id FROM ({{ids}})))
        ORDER BY project_id, distinct_id
        LIMIT {most:UInt32}
    )
SELECT
    project_id,
    distinct_id,
    toUInt32((SELECT * FROM given)[project_id] + row_number() OVER (PARTITION BY project_id ORDER BY distinct_id)) AS number,
    {batch:UInt64} AS batch,
    expires
FROM fresh
WHERE (SELECT max(batch) FROM person_numbers) < {batch:UInt64}
ORDER BY project_id, distinct_id
