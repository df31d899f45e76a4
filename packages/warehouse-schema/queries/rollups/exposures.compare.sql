-- Where `exposures` differs from what `events` says of the same days. Days whose raw rows may have reached the end of
-- their retention are left out.
-- days: the UTC days of the events' own time.
-- columns: project_id, day, missing (units that the rollup lacks, or has otherwise), surplus (units that only it has), buckets
SELECT
    project_id,
    day,
    countIf(raws = 1) AS missing,
    countIf(raws = 0) AS surplus,
    count() AS buckets
FROM
(
    SELECT
        project_id, experiment, phase, unit_type, unit, reason, is_bot, day,
        countIf(side = 'raw') AS raws,
        max(retention_days) AS longest
    FROM
    (
        SELECT
            'raw' AS side,
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
            argMin(
                (ifNull(properties.variant, ''), message_id, distinct_id, toUInt64OrZero(ifNull(toString(properties.definitionsVersion), '')), library, library_version),
                (timestamp, message_id)) AS first_seen,
            uniqExact(ifNull(properties.variant, '')) AS variants,
            max(e.retention_days) AS retention_days
        FROM events AS e
        WHERE toDate(timestamp) IN {days:Array(Date)}
            AND event = '$exposure' AND experiment != '' AND unit != ''
            AND ifNull(properties.environment.:String, '') IN ('', 'production')
        GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day
        UNION ALL
        SELECT
            'rolled' AS side,
            r.project_id AS project_id,
            r.experiment AS experiment,
            r.phase AS phase,
            r.unit_type AS unit_type,
            r.unit AS unit,
            r.reason AS reason,
            r.is_bot AS is_bot,
            r.day AS day,
            min(r.first_exposure) AS first_exposure,
            max(r.last_exposure) AS last_exposure,
            argMinMerge(r.first_seen) AS first_seen,
            uniqExactMerge(r.variants) AS variants,
            max(r.retention_days) AS retention_days
        FROM exposures AS r
        WHERE r.day IN {days:Array(Date)}
        GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day
    )
    GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day
    HAVING (count() != 2 OR uniqExact((first_exposure, last_exposure, first_seen, variants, retention_days)) != 1)
        AND day + least(longest, 20000) > today() + 1
)
GROUP BY project_id, day
ORDER BY project_id, day
