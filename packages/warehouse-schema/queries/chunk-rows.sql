-- Which rows of a table come from a part of the log, and how often each stands there (1, unless something went wrong).
-- table: events or rejected_events; log_id: the log; from, to: its offsets, half-open.
-- columns: log_offset, log_index, copies
SELECT log_offset, log_index, count() AS copies
FROM {table:Identifier}
WHERE log_id = {log_id:String} AND log_offset >= {from:UInt64} AND log_offset < {to:UInt64}
GROUP BY log_offset, log_index
ORDER BY log_offset, log_index
