-- One row for each session that begins in the range and of which a row meets the conditions. As in the view `sessions`:
-- the client's own id wins, a device's rows without one are cut where nothing came for 30 minutes, and every 24 hours.
-- project_id; first, last: when sessions begin, Unix milliseconds, [first, last)
SELECT
    {project_id:UInt32} AS project_id,
    argMax(r.3, (r.1, r.2)) AS distinct_id,
    min(r.1) AS started,
    max(r.1) - min(r.1) AS duration,
    count() AS row_count,
    countIf(r.4 IN ('page', 'screen')) AS page_views,
    page_views <= 1 AND countIf(r.4 = 'track') = 0 AS is_bounce,
    argMinIf(r.5, (r.1, r.2), r.5 != '') AS entry_path,
    argMaxIf(r.5, (r.1, r.2), r.5 != '') AS exit_path
FROM
(
    SELECT
        (events.session_id, toInt64(0)) AS session,
        {{row}} AS r
    FROM events
    WHERE {{around}} AND events.session_id != ''
    UNION ALL
    SELECT
        (device, run[1].1) AS session,
        arrayJoin(run) AS r
    FROM
    (
        SELECT
            device,
            arrayJoin(arraySplit((r, step) -> step > 0, busy, arrayDifference(arrayMap(r -> intDiv(r.1 - busy[1].1, 86400000), busy)))) AS run
        FROM
        (
            SELECT
                device,
                arrayJoin(arraySplit((r, gap) -> gap > 1800000, rows, arrayDifference(arrayMap(r -> r.1, rows)))) AS busy
            FROM
            (
                SELECT
                    events.anonymous_id AS device,
                    arraySort(r -> (r.1, r.2), groupArray({{row}})) AS rows
                FROM events
                WHERE {{around}} AND events.session_id = '' AND events.anonymous_id != '' AND (events.user_agent != '' OR events.device_type != '')
                GROUP BY device
            )
        )
    )
)
GROUP BY session
HAVING max(r.6) AND {{bots}} AND started >= {first:Int64} AND started < {last:Int64}
