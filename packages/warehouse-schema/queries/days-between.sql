-- The days on which there is anything between two times, by the events' own time and by that of their arrival.
-- from, to: Unix milliseconds, half-open, of the events' own time.
-- columns: event_days, arrival_days (arrays of dates)
SELECT
    arraySort(groupUniqArray(day)) AS event_days,
    arraySort(groupUniqArrayArray(arrivals)) AS arrival_days
FROM
(
    SELECT toDate(timestamp) AS day, groupUniqArray(toDate(received_at)) AS arrivals
    FROM events
    WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    GROUP BY day
    UNION ALL
    SELECT toDate(bucket) AS day, [] AS arrivals
    FROM events_15m
    WHERE bucket >= toStartOfDay(fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AND bucket < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    GROUP BY day
)
