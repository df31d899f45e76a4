-- How many people reached each step, by value of the breakdown and, if asked, by when they entered.
-- people: at least so far; interval_start 0: over the whole range; durations in milliseconds
SELECT
    {{other}} AS other,
    if(other, '', people.value) AS shown,
    {{intervalStart}} AS interval_start,
    {{counts}} AS people,
    countIf(people.excluded) AS excluded_people,
    countIf(people.capped) AS capped_people,
    {{medians}} AS medians,
    {{conversion}} AS conversion
FROM ({{peopleLevels}}) AS people
GROUP BY {{grouping}}
