-- What sessions were like, by the interval in which they begin and over the whole range (interval_start 0). Sessions are
-- called `events` here, so that whose they are is said as everywhere.
-- starts: where the intervals begin, Unix milliseconds; durations in milliseconds
SELECT
    roundDown(events.started, {starts:Array(Int64)}) AS interval_start,
    count() AS sessions,
    uniqExact({{person}}) AS people,
    sum(events.row_count) AS row_count,
    sum(events.page_views) AS page_views,
    countIf(events.is_bounce) AS bounces,
    avg(events.duration) AS average,
    quantilesExactInclusive(0.25, 0.5, 0.75, 0.9, 0.95)(events.duration) AS quantiles
FROM ({{sessions}}) AS events
GROUP BY GROUPING SETS ((interval_start), ())
