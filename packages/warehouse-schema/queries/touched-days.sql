-- The days that the events of a part of the log fall on, by their own time and by that of their arrival.
-- log_id: the log; from, to: its offsets, half-open.
-- columns: event_days, arrival_days (arrays of dates)
SELECT
    arraySort(groupUniqArray(toDate(timestamp))) AS event_days,
    arraySort(groupUniqArray(toDate(received_at))) AS arrival_days
FROM events
WHERE log_id = {log_id:String} AND log_offset >= {from:UInt64} AND log_offset < {to:UInt64}
