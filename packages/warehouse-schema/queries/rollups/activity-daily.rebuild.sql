-- Has one month of `activity_daily` filled anew by the loader's process; until it is, questions read those events. The
-- given days are emptied, but for those whose raw rows have reached the end of their retention; the other days are filled
-- over what they have. Nothing may be inserted into `events` meanwhile. May be run again.
-- projects, project_days: the UTC days, each of a project; partition: the month that they are in, as in 202611.
INSERT INTO activity_progress (latest)
SELECT
    (
        run.epoch + 1,
        now64(6, 'UTC'),
        '',
        toDateTime64('1970-01-01 00:00:00', 3, 'UTC'),
        mapApply(
            (zone, partitions) -> (zone, mapFilter((partition, next) -> partition != toString({partition:UInt32}), partitions)),
            run.reached),
        run.numbered,
        run.batch,
        run.overrides,
        run.swept_at
    )
FROM (SELECT max(latest) AS run FROM activity_progress);
ALTER TABLE activity_daily
DELETE WHERE (project_id, utc_day) IN arrayZip({projects:Array(UInt32)}, {project_days:Array(Date)})
    AND addDays(utc_day, least(retention_days, 20000)) >= toDate(now('UTC'))
SETTINGS mutations_sync = 2;
