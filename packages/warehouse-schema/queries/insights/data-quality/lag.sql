-- How long rows took from the client's clock to arrival (delivery) and from there into the table (load), in milliseconds,
-- by event and for all (is_overall). Quantiles 0.5, 0.95 and 0.99, each within 1 %.
SELECT
    events.event AS event,
    grouping(events.event) AS is_overall,
    count() AS row_count,
    quantilesDD(0.01, 0.5, 0.95, 0.99)(greatest(0, toUnixTimestamp64Milli(events.received_at) - toUnixTimestamp64Milli(events.timestamp))) AS delivery,
    quantilesDD(0.01, 0.5, 0.95, 0.99)(greatest(0, toUnixTimestamp64Milli(events.inserted_at) - toUnixTimestamp64Milli(events.received_at))) AS load
FROM events
WHERE {{rows}}
GROUP BY GROUPING SETS ((event), ())
