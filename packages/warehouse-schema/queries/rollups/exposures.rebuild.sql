-- Makes the given days of one month of `exposures` anew from `events`; other days and projects stay as they are. Nothing may be
-- inserted meanwhile. May be run again.
-- projects, project_days: the projects and UTC days, in pairs; partition: the month that the days are in, as in 202611.
DROP TABLE IF EXISTS exposures_rebuild SYNC;
CREATE TABLE exposures_rebuild AS exposures;
INSERT INTO exposures_rebuild
SELECT * FROM exposures
WHERE least(greatest(toYYYYMM(day), 201001), 203512) = {partition:UInt32} AND (project_id, day) NOT IN arrayZip({projects:Array(UInt32)}, {project_days:Array(Date)});
INSERT INTO exposures_rebuild
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
WHERE least(greatest(toYYYYMM(timestamp), 201001), 203512) = {partition:UInt32} AND (project_id, toDate(timestamp)) IN arrayZip({projects:Array(UInt32)}, {project_days:Array(Date)})
    AND event = '$exposure' AND experiment != '' AND unit != ''
    AND ifNull(properties.environment.:String, '') IN ('', 'production')
GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day;
ALTER TABLE exposures REPLACE PARTITION {partition:UInt32} FROM exposures_rebuild;
DROP TABLE exposures_rebuild SYNC;
