-- How many people a series meets for the first time in each interval; summed up, the people so far.
SELECT
    other,
    value,
    roundDown(first, {starts:Array(Int64)}) AS interval_start,
    [toNullable(toFloat64(count()))] AS measures
FROM
(
    SELECT
        {{other}} AS other,
        if(other, '', {{value}}) AS value,
        {{person}} AS person,
        min(toUnixTimestamp64Milli(events.timestamp)) AS first
    FROM events
    WHERE {{rows}} AND {{matches}}
    GROUP BY other, value, person
)
GROUP BY GROUPING SETS ((other, value, interval_start), (other, value))
