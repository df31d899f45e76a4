-- Experiments as they are now: dictGet('experiments', 'variant_salt', (project_id, experiment)).
-- `phase` is the number of the running phase, 0 where none runs, `archived_at_ms` 0 while it
-- is not archived. Times are Unix milliseconds.
CREATE OR REPLACE DICTIONARY experiments
(
    project_id        UInt32,
    experiment        String,
    name              String,
    hypothesis        String,
    unit_type         String,
    bucketing_version UInt16,
    traffic_salt      String,
    variant_salt      String,
    phase             UInt32,
    archived_at_ms    Int64
)
PRIMARY KEY project_id, experiment
SOURCE({postgresql}
    QUERY 'SELECT e.project_id, e.key, e.name, e.hypothesis, e.unit_type, e.bucketing_version, e.traffic_salt, e.variant_salt, coalesce(p.number, 0), coalesce(floor(extract(epoch FROM e.archived_at) * 1000)::bigint, 0) FROM experiments e LEFT JOIN phases p ON p.experiment_id = e.experiment_id AND p.started_at IS NOT NULL AND p.ended_at IS NULL'
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);
