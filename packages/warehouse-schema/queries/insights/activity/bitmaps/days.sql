-- The ids of each interval of a set, from the daily bitmaps.
-- set; events: names, or [''] for any; bounds: the days with which intervals begin; first, last: days that count, but for
-- those in part. All days are counted from 1970. epoch: as read before; days that are made anew meanwhile are lacking.
SELECT
    {set:UInt8} AS set,
    toUInt64(indexOf({day_bounds:Array(Int64)}, roundDown(toInt64(d.day), {day_bounds:Array(Int64)})) - 1) AS position,
    groupBitmapMergeState(d.ids) AS ids
FROM activity_daily AS d
WHERE d.project_id = {project_id:UInt32}
    AND d.zone = {zone:String}
    AND d.event IN {names:Array(String)}
    AND toInt64(d.day) BETWEEN {first:Int64} AND {last:Int64}
    AND toInt64(d.day) NOT IN {part_days:Array(Int64)}
    AND {{bots}}
    AND throwIf((SELECT max(latest).epoch FROM activity_progress) != {epoch:UInt64}, 'the days of active people are being made anew, ask again') = 0
GROUP BY position
