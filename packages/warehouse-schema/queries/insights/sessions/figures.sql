-- What sessions were like: by the interval in which they begin, over the whole range, and by the pages with which most
-- begin and end; equal ones by name. '': sessions without any page.
-- starts: where the intervals begin, Unix milliseconds; durations in milliseconds; most: rows of a side
SELECT
    multiIf(grouping(interval_start) = 0, 'interval', grouping(entry_path) = 0, 'entry', grouping(exit_path) = 0, 'exit', 'total') AS side,
    roundDown(started, {starts:Array(Int64)}) AS interval_start,
    if(side = 'entry', entry_path, exit_path) AS path,
    count() AS sessions,
    uniqExact(person) AS people,
    sum(row_count) AS events,
    sum(page_views) AS pages,
    countIf(is_bounce) AS bounces,
    avg(duration) AS average,
    quantilesExactInclusive(0.25, 0.5, 0.75, 0.9, 0.95)(duration) AS quantiles
FROM ({{sessions}})
GROUP BY GROUPING SETS ((interval_start), (entry_path), (exit_path), ())
ORDER BY sessions DESC, path
LIMIT {most:UInt32} BY side
