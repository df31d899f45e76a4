-- Projects as they are now: dictGet('projects', 'name', project_id), or SELECT * FROM projects.
CREATE OR REPLACE DICTIONARY projects
(
    project_id     UInt64,
    name           String,
    retention_days UInt16
)
PRIMARY KEY project_id
SOURCE({postgresql}
    QUERY 'SELECT project_id::bigint, name, retention_days FROM projects'
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(HASHED())
LIFETIME(MIN 2 MAX 5);
