-- Which variant holds a bucket: dictGet('variants', 'variant', (project_id, experiment, phase), bucket); empty where none
-- does. Both ends of a range count here, so `last_bucket` is one less than the `range_end` of the definition.
CREATE OR REPLACE DICTIONARY variants
(
    project_id   UInt32,
    experiment   String,
    phase        UInt32,
    first_bucket UInt16,
    last_bucket  UInt16,
    variant      String
)
PRIMARY KEY project_id, experiment, phase
SOURCE({postgresql}
    QUERY 'SELECT e.project_id, e.key, p.number, v.range_start, v.range_end - 1, v.key FROM variants v JOIN phases p USING (phase_id) JOIN experiments e USING (experiment_id) WHERE e.environment = \'production\''
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN first_bucket MAX last_bucket)
LIFETIME(MIN 2 MAX 5);
