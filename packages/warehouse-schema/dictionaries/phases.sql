-- Phases: dictGet('phases', 'traffic_end', (project_id, experiment, phase)). Traffic is [traffic_start, traffic_end) of
-- 10000. Times are Unix milliseconds, 0 where not set: ClickHouse misreads a DateTime64 from PostgreSQL.
CREATE OR REPLACE DICTIONARY phases
(
    project_id    UInt32,
    experiment    String,
    phase         UInt32,
    traffic_start UInt16,
    traffic_end   UInt16,
    started_at_ms Int64,
    ended_at_ms   Int64
)
PRIMARY KEY project_id, experiment, phase
SOURCE({postgresql}
    QUERY 'SELECT e.project_id, e.key, p.number, p.traffic_start, p.traffic_end, coalesce(floor(extract(epoch FROM p.started_at) * 1000)::bigint, 0), coalesce(floor(extract(epoch FROM p.ended_at) * 1000)::bigint, 0) FROM phases p JOIN experiments e USING (experiment_id)'
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);
