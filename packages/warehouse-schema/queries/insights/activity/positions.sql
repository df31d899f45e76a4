-- In which intervals each person was active, by number, in order.
-- bounds: where the intervals begin, Unix milliseconds; minimum: events that an interval needs
SELECT
    person,
    arraySort(groupArray(transform(start, {bounds:Array(Int64)}, range(length({bounds:Array(Int64)})), toUInt64(0)))) AS positions
FROM
(
    SELECT
        {{person}} AS person,
        roundDown(toUnixTimestamp64Milli(events.timestamp), {bounds:Array(Int64)}) AS start
    FROM events
    WHERE {{rows}} AND {{active}}
    GROUP BY person, start
    HAVING count() >= {minimum:UInt32}
)
GROUP BY person
