-- Experiments of the environment `production` as they are now: dictGet('experiments', 'enabled', (project_id, experiment)).
-- What units are drawn with may change from phase to phase and is in `phases`. `archived_at_ms` is Unix milliseconds, 0
-- while the definitions have the experiment.
CREATE OR REPLACE DICTIONARY experiments
(
    project_id     UInt32,
    experiment     String,
    name           String,
    hypothesis     String,
    enabled        UInt8,
    archived_at_ms Int64
)
PRIMARY KEY project_id, experiment
SOURCE({postgresql}
    QUERY 'SELECT project_id, key, name, hypothesis, enabled::integer, coalesce(floor(extract(epoch FROM archived_at) * 1000)::bigint, 0) FROM experiments WHERE environment = \'production\''
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);
