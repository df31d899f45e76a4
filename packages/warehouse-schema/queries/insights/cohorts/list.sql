-- People of a stored list. Its ids are called `events`, so that whose they are is said as everywhere.
SELECT {{person}} AS person
FROM cohort_members AS events
WHERE events.project_id = {project_id:UInt32} AND events.list_id = {list:UUID}
