-- All ids of the person who has this one: those that were linked, and the person's own name.
SELECT v.distinct_id AS distinct_id
FROM person_override_versions AS v
WHERE v.project_id = {project_id:UInt32}
GROUP BY distinct_id
HAVING max(v.latest).person_id = dictGetOrDefault('person_overrides', 'person_id', ({project_id:UInt32}, {person:String}), {person:String})
UNION ALL
SELECT dictGetOrDefault('person_overrides', 'person_id', ({project_id:UInt32}, {person:String}), {person:String}) AS distinct_id
