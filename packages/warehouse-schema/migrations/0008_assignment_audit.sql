-- Every assignment can be recomputed: from the definitions, as the dictionaries `phases` and `variants` have them, and the
-- unit that an exposure names. The views name their columns, since the dictionaries are made after the tables. Only
-- functions that cannot throw.

-- Each exposure whose variant the draw decided, with the variant as it was recorded and as it is recomputed.
-- problem: the first that applies of unknown_phase (the definitions have no such phase, or experiment),
-- bucketing_version (another than the definitions'), unsupported_version (one that this view cannot recompute), unit_type
-- (another id was drawn), not_in_traffic (the unit was never let in), variant; '' where all is as it should be.
CREATE VIEW IF NOT EXISTS assignment_audit
(
    project_id           UInt32,
    event_id             String,
    timestamp            DateTime64(3, 'UTC'),
    experiment           String,
    phase                UInt32,
    unit_type            String,
    unit                 String,
    is_bot               Bool,
    library              LowCardinality(String),
    library_version      LowCardinality(String),
    definitions_version  UInt64,
    traffic_bucket       UInt64,
    variant_bucket       UInt64,
    recorded_variant     String,
    recomputed_variant   String,
    is_enrolled          Bool,
    matches              Bool,
    problem              LowCardinality(String)
)
AS
SELECT
    e.project_id AS project_id,
    e.event_id AS event_id,
    e.timestamp AS timestamp,
    e.experiment AS experiment,
    e.phase AS phase,
    e.unit_type AS unit_type,
    e.unit AS unit,
    e.is_bot AS is_bot,
    e.library AS library,
    e.library_version AS library_version,
    e.definitions_version AS definitions_version,
    bitShiftRight(toUInt64(murmurHash3_32(concat(p.traffic_salt, ':', e.unit))) * 10000, 32) AS traffic_bucket,
    bitShiftRight(toUInt64(murmurHash3_32(concat(p.variant_salt, ':', e.unit))) * 10000, 32) AS variant_bucket,
    e.variant AS recorded_variant,
    if(p.is_known,
        arrayFirst(range -> variant_bucket BETWEEN range.1 AND range.2, p.ranges).3, '') AS recomputed_variant,
    p.is_known AND traffic_bucket >= p.traffic_start AND traffic_bucket < p.traffic_end AS is_enrolled,
    toBool(problem = '') AS matches,
    multiIf(
        NOT p.is_known, 'unknown_phase',
        e.bucketing_version != toString(p.bucketing_version), 'bucketing_version',
        p.bucketing_version != 1, 'unsupported_version',
        e.unit_type != p.unit_type, 'unit_type',
        NOT is_enrolled, 'not_in_traffic',
        recorded_variant != recomputed_variant, 'variant',
        '') AS problem
FROM
(
    SELECT
        project_id,
        message_id AS event_id,
        timestamp,
        is_bot,
        library,
        library_version,
        toString(ifNull(properties.experiment, '')) AS experiment,
        toUInt32OrZero(toString(ifNull(properties.phase, ''))) AS phase,
        toString(ifNull(properties.unitType, '')) AS unit_type,
        ifNull(properties.unit, '') AS unit,
        toString(ifNull(properties.variant, '')) AS variant,
        toString(ifNull(properties.bucketingVersion, '')) AS bucketing_version,
        toUInt64OrZero(ifNull(toString(properties.definitionsVersion), '')) AS definitions_version
    FROM events
    WHERE event = '$exposure' AND properties.reason = 'split'
        AND ifNull(properties.environment.:String, '') IN ('', 'production')
) AS e
LEFT JOIN
(
    SELECT phase_rows.*, variant_rows.ranges AS ranges, true AS is_known
    FROM phases AS phase_rows
    LEFT JOIN
    (
        SELECT project_id, experiment, phase, groupArray((first_bucket, last_bucket, variant)) AS ranges
        FROM variants
        GROUP BY project_id, experiment, phase
    ) AS variant_rows USING (project_id, experiment, phase)
) AS p ON p.project_id = e.project_id AND p.experiment = e.experiment AND p.phase = e.phase;

-- How many exposures of each SDK's version the audit agrees with, and how many were not the draw's to decide.
CREATE VIEW IF NOT EXISTS assignment_audit_summary AS
SELECT
    project_id,
    library,
    library_version,
    sum(s.split) AS split,
    sum(s.mismatches) AS mismatches,
    sum(s.sticky) AS sticky,
    sum(s.targeted) AS targeted,
    sum(s.forced) AS forced,
    sum(s.other) AS other,
    max(s.last_mismatch) AS last_mismatch,
    max(s.last_exposure) AS last_exposure
FROM
(
    SELECT
        project_id, library, library_version,
        count() AS split, countIf(NOT matches) AS mismatches,
        0 AS sticky, 0 AS targeted, 0 AS forced, 0 AS other,
        maxIf(timestamp, NOT matches) AS last_mismatch, max(timestamp) AS last_exposure
    FROM assignment_audit
    GROUP BY project_id, library, library_version
    UNION ALL
    SELECT
        project_id, library, library_version,
        0 AS split, 0 AS mismatches,
        countIf(properties.reason = 'sticky') AS sticky,
        countIf(properties.reason = 'targeted') AS targeted,
        countIf(properties.reason = 'forced') AS forced,
        count() - sticky - targeted - forced AS other,
        toDateTime64(0, 3, 'UTC') AS last_mismatch, max(timestamp) AS last_exposure
    FROM events
    WHERE event = '$exposure' AND ifNull(properties.reason, '') != 'split'
        AND ifNull(properties.environment.:String, '') IN ('', 'production')
    GROUP BY project_id, library, library_version
) AS s
GROUP BY project_id, library, library_version;
