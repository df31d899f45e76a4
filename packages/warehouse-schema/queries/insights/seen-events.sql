-- Which of these names a project has events of; from the rollup.
SELECT DISTINCT r.event AS event
FROM events_15m AS r
WHERE r.project_id = {project_id:UInt32} AND r.event IN {names:Array(String)}
