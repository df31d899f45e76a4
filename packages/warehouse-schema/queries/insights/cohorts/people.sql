-- People by any of their ids. The ids are called `events`, so that whose they are is said as everywhere.
SELECT {{person}} AS person
FROM (SELECT {project_id:UInt32} AS project_id, arrayJoin({ids:Array(String)}) AS distinct_id) AS events
