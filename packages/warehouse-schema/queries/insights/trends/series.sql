-- Every measure by interval and by value of the breakdown, and over the whole range (interval_start 0).
-- starts: where the intervals begin, Unix milliseconds; top: the values that stand apart, `other` is the rest.
SELECT
    {{other}} AS other,
    if(other, '', {{value}}) AS value,
    roundDown(toUnixTimestamp64Milli(events.timestamp), {starts:Array(Int64)}) AS interval_start,
    {{measures}} AS measures
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY GROUPING SETS ((other, value, interval_start), (other, value))
