-- Whether any event of a project has this property: one row or none. Reads that one sub-column.
SELECT 1 AS seen
FROM events
WHERE events.project_id = {project_id:UInt32} AND isNotNull({property:Identifier})
LIMIT 1
