-- Who saw which variant when: for each unit of an experiment's phase and each UTC day, its first exposure and what it said.
-- Every state is idempotent: an exposure that comes twice, late or in another batch changes nothing. Read it through the
-- view `exposed_units`, which puts the days together.
-- The reason is in the key, so that a trial (forced) or a rule (targeted) never decides what a unit of the draw was given.
-- first_seen: by (timestamp, message_id), so that exposures of one millisecond have an order that does not depend on
-- when they came.
-- Only exposures of the environment `production`, which is what an exposure without one is of: the others are for trying
-- out, and units are drawn anew in each.
-- TTL: units are people, so their rows go with the raw ones, a day later.
-- The view uses only functions that cannot throw: what is no text or no number becomes '' or 0.
CREATE TABLE IF NOT EXISTS exposures
(
    project_id      UInt32,
    experiment      String CODEC(ZSTD(1)),
    phase           UInt32,
    unit_type       LowCardinality(String),
    unit            String CODEC(ZSTD(1)),
    reason          LowCardinality(String),
    is_bot          Bool,
    day             Date,
    first_exposure  SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_exposure   SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    first_seen      AggregateFunction(argMin,
                        Tuple(
                            variant String,
                            message_id String,
                            distinct_id String,
                            definitions_version UInt64,
                            library String,
                            library_version String),
                        Tuple(DateTime64(3, 'UTC'), String)),
    variants        AggregateFunction(uniqExact, String),
    retention_days  SimpleAggregateFunction(max, UInt16)
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY least(greatest(toYYYYMM(day), 201001), 203512)
ORDER BY (project_id, experiment, phase, unit_type, unit, reason, is_bot, day)
TTL day + toIntervalDay(least(retention_days, 20000) + 1)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS exposures_mv TO exposures AS
SELECT
    project_id,
    ifNull(properties.experiment, '') AS experiment,
    toUInt32OrZero(ifNull(properties.phase, '')) AS phase,
    ifNull(properties.unitType, '') AS unit_type,
    ifNull(properties.unit, '') AS unit,
    ifNull(properties.reason, '') AS reason,
    is_bot,
    toDate(timestamp) AS day,
    min(timestamp) AS first_exposure,
    max(timestamp) AS last_exposure,
    argMinState(
        (ifNull(properties.variant, ''), message_id, distinct_id, toUInt64OrZero(ifNull(toString(properties.definitionsVersion), '')), library, library_version),
        (timestamp, message_id)) AS first_seen,
    uniqExactState(ifNull(properties.variant, '')) AS variants,
    max(e.retention_days) AS retention_days
FROM events AS e
WHERE event = '$exposure' AND experiment != '' AND unit != ''
    AND ifNull(properties.environment.:String, '') IN ('', 'production')
GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day;

-- Each unit that the draw of a phase put into a variant: when it was first exposed, and to what. A unit that saw several
-- variants counts for the first.
CREATE VIEW IF NOT EXISTS exposed_units AS
SELECT
    x.project_id AS project_id,
    x.experiment AS experiment,
    x.phase AS phase,
    x.unit_type AS unit_type,
    x.unit AS unit,
    min(x.first_exposure) AS first_exposure,
    max(x.last_exposure) AS last_exposure,
    argMin(x.reason, x.first_exposure) AS reason,
    argMinMerge(x.first_seen) AS first_seen,
    first_seen.variant AS variant,
    uniqExactMerge(x.variants) AS variants_seen
FROM exposures AS x
WHERE x.reason IN ('split', 'sticky') AND NOT x.is_bot
GROUP BY project_id, experiment, phase, unit_type, unit;
