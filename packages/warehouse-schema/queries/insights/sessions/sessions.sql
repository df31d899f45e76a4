-- One row for each session that begins in the range and of which a row meets the conditions. As in the view `sessions`:
-- the client's own id wins, a device's rows without one are cut where nothing came for 30 minutes, and every 24 hours.
-- first, last: when sessions begin, Unix milliseconds, [first, last)
-- `place` puts rows in order of time and then of their ids, as one text; by a tuple it takes three times as long.
-- flags, as bits: 1 a page or screen, 2 a track, 4 it meets the conditions, 8 a bot.
SELECT
    started,
    ended - started AS duration,
    row_count,
    page_views,
    page_views <= 1 AND NOT bitTest(flags, 1) AS is_bounce,
    person,
    entry_path,
    exit_path
FROM
(
    SELECT
        min(ms) AS started,
        max(ms) AS ended,
        count() AS row_count,
        countIf(bitTest(flag, 0)) AS page_views,
        groupBitOr(flag) AS flags,
        argMax(row_person, place) AS person,
        argMinIf(path, place, path != '') AS entry_path,
        argMaxIf(path, place, path != '') AS exit_path
    FROM
    (
        SELECT
            events.session_id AS session_id,
            toUnixTimestamp64Milli(events.timestamp) AS ms,
            concat(reverse(reinterpretAsFixedString(ms)), events.message_id) AS place,
            {{flags}} AS flag,
            {{person}} AS row_person,
            events.path AS path
        FROM events
        WHERE {{around}} AND events.session_id != ''
    )
    GROUP BY session_id
    UNION ALL
    SELECT
        run[1].1 AS started,
        run[-1].1 AS ended,
        length(run) AS row_count,
        arrayCount(r -> bitTest(r.3, 0), run) AS page_views,
        arrayReduce('groupBitOr', arrayMap(r -> r.3, run)) AS flags,
        run[-1].4 AS person,
        arrayFirst(r -> r.5 != '', run).5 AS entry_path,
        arrayLast(r -> r.5 != '', run).5 AS exit_path
    FROM
    (
        SELECT arrayJoin(arraySplit(
            (r, step) -> step > 0, busy, arrayDifference(arrayMap(r -> intDiv(r.1 - began, 86400000), busy)))) AS run
        FROM
        (
            SELECT busy, busy[1].1 AS began
            FROM
            (
                SELECT arrayJoin(arraySplit(
                    (r, gap) -> gap > 1800000, rows, arrayDifference(arrayMap(r -> r.1, rows)))) AS busy
                FROM
                (
                    SELECT arraySort(groupArray((
                        toUnixTimestamp64Milli(events.timestamp), events.message_id, {{flags}}, {{person}}, events.path))) AS rows
                    FROM events
                    WHERE {{around}} AND events.session_id = '' AND events.anonymous_id != '' AND (events.user_agent != '' OR events.device_type != '')
                    GROUP BY events.anonymous_id
                )
            )
        )
    )
)
WHERE bitTest(flags, 2) AND {{bots}} AND started >= {first:Int64} AND started < {last:Int64}
