-- What exposed units did, as views over tables in which every event is once: nothing here adds up what a repetition could
-- add twice. docs/experiments-sql.md says in words what each answers. Views that read the dictionaries of the definitions
-- name their columns, since those are made after the tables.

-- The units that count: exposed before their phase ended. An exposure after that comes from definitions of before.
-- ended_at_ms: Unix milliseconds, 0 while the phase has no end.
CREATE VIEW IF NOT EXISTS analysed_units
(
    project_id      UInt32,
    experiment      String,
    phase           UInt32,
    unit_type       String,
    unit            String,
    variant         String,
    reason          LowCardinality(String),
    first_exposure  DateTime64(3, 'UTC'),
    last_exposure   DateTime64(3, 'UTC'),
    message_id      String,
    distinct_id     String,
    library         String,
    variants_seen   UInt64,
    ended_at_ms     Int64
)
AS
SELECT
    x.project_id AS project_id,
    x.experiment AS experiment,
    x.phase AS phase,
    x.unit_type AS unit_type,
    x.unit AS unit,
    x.variant AS variant,
    x.reason AS reason,
    x.first_exposure AS first_exposure,
    x.last_exposure AS last_exposure,
    x.first_seen.message_id AS message_id,
    x.first_seen.distinct_id AS distinct_id,
    x.first_seen.library AS library,
    x.variants_seen AS variants_seen,
    p.ended_at_ms AS ended_at_ms
FROM exposed_units AS x
LEFT JOIN (SELECT project_id, experiment, phase, ended_at_ms FROM phases) AS p
    ON p.project_id = x.project_id AND p.experiment = x.experiment AND p.phase = x.phase
WHERE p.ended_at_ms = 0 OR toUnixTimestamp64Milli(x.first_exposure) < p.ended_at_ms;

-- Each event of an exposed unit, once for every phase that the unit is in. An event belongs to the unit whose id it
-- carries; a unit of another type than those three has the events of the person who was first exposed with it.
-- is_valid: after the unit's first exposure and before the phase's end. Of what has the exposure's millisecond, only what
-- the same SDK numbered later is after it.
-- is_conversion: it brings in revenue, is called `conversion`, or says `"conversion": true`.
CREATE VIEW IF NOT EXISTS experiment_events AS
SELECT
    e.project_id AS project_id,
    u.experiment AS experiment,
    u.phase AS phase,
    u.variant AS variant,
    u.unit_type AS unit_type,
    u.unit AS unit,
    u.first_exposure AS first_exposure,
    e.event_id AS event_id,
    e.user_id AS user_id,
    e.session_id AS session_id,
    e.event_type AS event_type,
    e.timestamp AS timestamp,
    e.page AS page,
    e.device AS device,
    e.value AS value,
    e.score AS score,
    e.revenue AS revenue,
    false AS is_exposure,
    e.is_conversion AS is_conversion,
    toBool((
        e.timestamp > u.first_exposure
        OR (
            e.timestamp = u.first_exposure
            AND e.library = u.library
            AND length(e.event_id) = 36 AND substring(e.event_id, 15, 1) = '7'
            AND length(u.message_id) = 36 AND substring(u.message_id, 15, 1) = '7'
            AND e.event_id > u.message_id
        )
    )
    AND (u.ended_at_ms = 0 OR toUnixTimestamp64Milli(e.timestamp) < u.ended_at_ms)) AS is_valid
FROM
(
    SELECT
        project_id,
        message_id AS event_id,
        distinct_id AS user_id,
        session_id,
        event AS event_type,
        timestamp,
        path AS page,
        device_type AS device,
        library,
        toFloat64OrNull(ifNull(toString(properties.value), '')) AS value,
        toFloat64OrNull(ifNull(toString(properties.score), '')) AS score,
        revenue,
        toBool(revenue > 0 OR event = 'conversion' OR ifNull(toString(properties.conversion), '') = 'true') AS is_conversion,
        arrayJoin(arrayFilter(
            id -> id.2 != '',
            [('anonymousId', anonymous_id), ('userId', e.user_id), ('groupId', group_id), ('', distinct_id)])) AS id
    FROM events AS e
    WHERE event != '$exposure' AND NOT is_bot
) AS e
INNER JOIN
(
    SELECT
        *,
        if(unit_type IN ('anonymousId', 'userId', 'groupId'), (unit_type, unit), ('', distinct_id)) AS id
    FROM analysed_units
) AS u ON u.project_id = e.project_id AND u.id = e.id
UNION ALL
SELECT
    e.project_id AS project_id,
    u.experiment AS experiment,
    u.phase AS phase,
    u.variant AS variant,
    u.unit_type AS unit_type,
    u.unit AS unit,
    u.first_exposure AS first_exposure,
    e.event_id AS event_id,
    e.user_id AS user_id,
    e.session_id AS session_id,
    e.event_type AS event_type,
    e.timestamp AS timestamp,
    e.page AS page,
    e.device AS device,
    CAST(NULL, 'Nullable(Float64)') AS value,
    CAST(NULL, 'Nullable(Float64)') AS score,
    toDecimal64(0, 4) AS revenue,
    true AS is_exposure,
    false AS is_conversion,
    true AS is_valid
FROM
(
    SELECT
        project_id,
        message_id AS event_id,
        distinct_id AS user_id,
        session_id,
        event AS event_type,
        timestamp,
        path AS page,
        device_type AS device,
        toString(ifNull(properties.experiment, '')) AS experiment,
        toUInt32OrZero(toString(ifNull(properties.phase, ''))) AS phase,
        toString(ifNull(properties.unitType, '')) AS unit_type,
        ifNull(properties.unit, '') AS unit
    FROM events
    WHERE event = '$exposure' AND NOT is_bot AND ifNull(properties.reason, '') IN ('split', 'sticky')
        AND ifNull(properties.environment.:String, '') IN ('', 'production')
) AS e
INNER JOIN analysed_units AS u
    ON u.project_id = e.project_id AND u.experiment = e.experiment AND u.phase = e.phase
    AND u.unit_type = e.unit_type AND u.unit = e.unit;

-- One row for each exposed unit, also of those that did nothing: what it did from its exposure to the phase's end.
-- Events, conversions, revenue and sessions count only where valid. A session lasts from its first to its last such
-- event. Touches are the sessions that began before the first conversion, or with it; without one, all.
CREATE VIEW IF NOT EXISTS user_experiment_stats AS
SELECT
    u.project_id AS project_id,
    u.experiment AS experiment,
    u.phase AS phase,
    u.variant AS variant,
    u.unit_type AS unit_type,
    u.unit AS unit,
    u.reason AS reason,
    u.first_exposure AS first_exposure,
    u.last_exposure AS last_exposure,
    u.variants_seen AS variants_seen,
    s.exposures AS exposures,
    s.events AS events,
    s.page_views AS page_views,
    s.conversions AS conversions,
    if(s.conversions > 0, s.first_conversion, NULL) AS first_conversion,
    s.revenue AS revenue,
    s.sessions AS sessions,
    s.session_seconds AS session_seconds,
    s.touches AS touches
FROM analysed_units AS u
LEFT JOIN
(
    SELECT
        project_id, experiment, phase, unit_type, unit,
        sum(p.exposures) AS exposures,
        sum(p.events) AS events,
        sum(p.page_views) AS page_views,
        sum(p.conversions) AS conversions,
        minIf(p.first_conversion, p.conversions > 0) AS first_conversion,
        sum(p.revenue) AS revenue,
        countIf(p.session_id != '' AND p.begun > 0) AS sessions,
        sumIf(p.ended - p.begun, p.session_id != '' AND p.begun > 0) / 1000 AS session_seconds,
        arrayCount(
            begun -> conversions = 0 OR begun <= toUnixTimestamp64Milli(first_conversion),
            groupArrayIf(p.begun, p.session_id != '' AND p.begun > 0)) AS touches
    FROM
    (
        SELECT
            project_id, experiment, phase, unit_type, unit, session_id,
            countIf(is_exposure) AS exposures,
            countIf(is_valid AND NOT is_exposure) AS events,
            countIf(is_valid AND event_type = '$page') AS page_views,
            countIf(is_valid AND is_conversion) AS conversions,
            minIf(timestamp, is_valid AND is_conversion) AS first_conversion,
            sumIf(revenue, is_valid) AS revenue,
            toUnixTimestamp64Milli(minIf(timestamp, is_valid)) AS begun,
            toUnixTimestamp64Milli(maxIf(timestamp, is_valid)) AS ended
        FROM experiment_events
        GROUP BY project_id, experiment, phase, unit_type, unit, session_id
    ) AS p
    GROUP BY project_id, experiment, phase, unit_type, unit
) AS s ON s.project_id = u.project_id AND s.experiment = u.experiment AND s.phase = u.phase
    AND s.unit_type = u.unit_type AND s.unit = u.unit;

-- Each phase by variant: how many units, how many of them converted, what they brought in, and how each variant compares
-- with the control (the variant `control`, else the first by name).
-- p_value: of two proportions, pooled, two-sided, as looked at once; confidence bounds of the difference of the rates, 95 %,
-- unpooled. NULL where there is nothing to compare. expected_share: of the variant's buckets among those given away.
CREATE VIEW IF NOT EXISTS experiment_performance
(
    project_id                UInt32,
    experiment                String,
    phase                     UInt32,
    variant                   String,
    users                     UInt64,
    traffic_share             Float64,
    expected_share            Float64,
    users_in_several_variants UInt64,
    converted_users           UInt64,
    conversions               UInt64,
    conversion_rate           Float64,
    revenue                   Decimal(38, 4),
    revenue_per_user          Float64,
    revenue_per_conversion    Nullable(Float64),
    control_variant           String,
    lift                      Nullable(Float64),
    difference                Nullable(Float64),
    difference_low            Nullable(Float64),
    difference_high           Nullable(Float64),
    z_score                   Nullable(Float64),
    p_value                   Nullable(Float64),
    is_significant            Nullable(Bool),
    first_exposure            DateTime64(3, 'UTC'),
    last_exposure             DateTime64(3, 'UTC')
)
AS
SELECT
    c.project_id AS project_id,
    c.experiment AS experiment,
    c.phase AS phase,
    c.variant AS variant,
    c.users AS users,
    c.users / c.all_users AS traffic_share,
    v.share AS expected_share,
    c.users_in_several_variants AS users_in_several_variants,
    c.converted_users AS converted_users,
    c.conversions AS conversions,
    c.converted_users / c.users AS conversion_rate,
    c.revenue AS revenue,
    toFloat64(c.revenue) / c.users AS revenue_per_user,
    if(c.conversions > 0, toFloat64(c.revenue) / c.conversions, NULL) AS revenue_per_conversion,
    c.control.1 AS control_variant,
    c.control.3 / c.control.2 AS control_rate,
    (c.control.3 + c.converted_users) / (c.control.2 + c.users) AS pooled_rate,
    c.variant = control_variant AS is_control,
    if(is_control OR control_rate = 0, NULL, conversion_rate / control_rate - 1) AS lift,
    if(is_control, NULL, conversion_rate - control_rate) AS difference,
    1.959963984540054 * sqrt(
        conversion_rate * (1 - conversion_rate) / c.users + control_rate * (1 - control_rate) / c.control.2) AS half,
    difference - half AS difference_low,
    difference + half AS difference_high,
    if(pooled_rate IN (0, 1), NULL,
        difference / sqrt(pooled_rate * (1 - pooled_rate) * (1 / c.users + 1 / c.control.2))) AS z_score,
    erfc(abs(z_score) / sqrt(2)) AS p_value,
    toBool(p_value < 0.05) AS is_significant,
    c.first_exposure AS first_exposure,
    c.last_exposure AS last_exposure
FROM
(
    SELECT
        *,
        sum(users) OVER phase_rows AS all_users,
        argMin((variant, users, converted_users), (variant != 'control', variant)) OVER phase_rows AS control
    FROM
    (
        SELECT
            s.project_id AS project_id,
            s.experiment AS experiment,
            s.phase AS phase,
            s.variant AS variant,
            count() AS users,
            countIf(s.variants_seen > 1) AS users_in_several_variants,
            countIf(c.conversions > 0) AS converted_users,
            sum(c.conversions) AS conversions,
            sum(c.revenue) AS revenue,
            min(s.first_exposure) AS first_exposure,
            max(s.last_exposure) AS last_exposure
        FROM analysed_units AS s
        LEFT JOIN
        (
            SELECT
                project_id, experiment, phase, unit_type, unit,
                countIf(e.is_conversion) AS conversions,
                sum(e.revenue) AS revenue
            FROM experiment_events AS e
            WHERE e.is_valid AND (e.is_conversion OR e.revenue != 0)
            GROUP BY project_id, experiment, phase, unit_type, unit
        ) AS c ON c.project_id = s.project_id AND c.experiment = s.experiment AND c.phase = s.phase
            AND c.unit_type = s.unit_type AND c.unit = s.unit
        GROUP BY project_id, experiment, phase, variant
    )
    WINDOW phase_rows AS (PARTITION BY project_id, experiment, phase)
) AS c
LEFT JOIN
(
    SELECT
        project_id, experiment, phase, variant,
        sum(last_bucket - first_bucket + 1) AS buckets,
        buckets / sum(buckets) OVER (PARTITION BY project_id, experiment, phase) AS share
    FROM variants
    GROUP BY project_id, experiment, phase, variant
) AS v ON v.project_id = c.project_id AND v.experiment = c.experiment AND v.phase = c.phase AND v.variant = c.variant;

-- The way of each unit from its assignment over its exposure to its conversion. The assignment is the first exposure in
-- any phase of the experiment, whatever its reason; the exposure is the first in this phase.
CREATE VIEW IF NOT EXISTS user_journey_analysis AS
SELECT
    s.project_id AS project_id,
    s.experiment AS experiment,
    s.phase AS phase,
    s.variant AS variant,
    s.unit_type AS unit_type,
    s.unit AS unit,
    toDate(s.first_exposure) AS cohort,
    a.assigned_at AS assigned_at,
    s.first_exposure AS exposed_at,
    s.first_conversion AS converted_at,
    (toUnixTimestamp64Milli(exposed_at) - toUnixTimestamp64Milli(assigned_at)) / 1000 AS seconds_to_exposure,
    (toUnixTimestamp64Milli(converted_at) - toUnixTimestamp64Milli(exposed_at)) / 1000 AS seconds_to_conversion,
    multiIf(s.conversions > 0, 'converted', s.events > 0, 'engaged', 'exposed') AS stage,
    s.exposures AS exposures,
    s.events AS events,
    s.page_views AS page_views,
    s.sessions AS sessions,
    s.touches AS touches,
    if(s.sessions > 0, s.session_seconds / s.sessions, NULL) AS session_seconds,
    s.conversions AS conversions,
    s.revenue AS revenue
FROM user_experiment_stats AS s
INNER JOIN
(
    SELECT project_id, experiment, unit_type, unit, min(r.first_exposure) AS assigned_at
    FROM exposures AS r
    WHERE NOT is_bot
    GROUP BY project_id, experiment, unit_type, unit
) AS a ON a.project_id = s.project_id AND a.experiment = s.experiment AND a.unit_type = s.unit_type AND a.unit = s.unit;

-- Each phase and variant by UTC hour. new_users: units first exposed in it; users: units with a valid event in it, exposures
-- included.
CREATE VIEW IF NOT EXISTS experiment_hourly_stats AS
SELECT
    e.project_id AS project_id,
    e.experiment AS experiment,
    e.phase AS phase,
    e.variant AS variant,
    toStartOfHour(e.timestamp) AS hour,
    countIf(e.is_exposure) AS exposures,
    uniqExactIf(e.unit, e.is_exposure) AS exposed_users,
    uniqExactIf(e.unit, e.is_exposure AND e.timestamp = e.first_exposure) AS new_users,
    uniqExact(e.unit) AS users,
    countIf(NOT e.is_exposure) AS events,
    countIf(e.is_conversion) AS conversions,
    uniqExactIf(e.unit, e.is_conversion) AS converted_users,
    sum(e.revenue) AS revenue
FROM experiment_events AS e
WHERE e.is_valid
GROUP BY project_id, experiment, phase, variant, hour;

-- The same by UTC day; not the hours added up, since a unit of two hours is one unit.
CREATE VIEW IF NOT EXISTS experiment_daily_stats AS
SELECT
    e.project_id AS project_id,
    e.experiment AS experiment,
    e.phase AS phase,
    e.variant AS variant,
    toDate(e.timestamp) AS date,
    countIf(e.is_exposure) AS exposures,
    uniqExactIf(e.unit, e.is_exposure) AS exposed_users,
    uniqExactIf(e.unit, e.is_exposure AND e.timestamp = e.first_exposure) AS new_users,
    uniqExact(e.unit) AS users,
    countIf(NOT e.is_exposure) AS events,
    countIf(e.is_conversion) AS conversions,
    uniqExactIf(e.unit, e.is_conversion) AS converted_users,
    sum(e.revenue) AS revenue
FROM experiment_events AS e
WHERE e.is_valid
GROUP BY project_id, experiment, phase, variant, date;
