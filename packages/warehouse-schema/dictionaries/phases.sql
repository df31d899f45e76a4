-- Phases, with what their units were drawn with: dictGet('phases', 'variant_salt', (project_id, experiment, phase)). Their
-- salts, unit type and bucketing version never change once a phase has begun, and it stays here when it is over. The traffic
-- is the widest that the phase ever had, [traffic_start, traffic_end) of 10000, so whoever was enrolled is within it. Times
-- are Unix milliseconds, 0 where not set, and may lie ahead: ClickHouse misreads a DateTime64 from PostgreSQL.
CREATE OR REPLACE DICTIONARY phases
(
    project_id        UInt32,
    experiment        String,
    phase             UInt32,
    unit_type         String,
    bucketing_version UInt32,
    traffic_salt      String,
    variant_salt      String,
    traffic_start     UInt16,
    traffic_end       UInt16,
    started_at_ms     Int64,
    ended_at_ms       Int64
)
PRIMARY KEY project_id, experiment, phase
SOURCE({postgresql}
    QUERY 'SELECT e.project_id, e.key, p.number, p.unit_type, p.bucketing_version, p.traffic_salt, p.variant_salt, p.traffic_start, p.traffic_end, coalesce(floor(extract(epoch FROM p.started_at) * 1000)::bigint, 0), coalesce(floor(extract(epoch FROM p.ended_at) * 1000)::bigint, 0) FROM phases p JOIN experiments e USING (experiment_id) WHERE e.environment = \'production\''
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);
