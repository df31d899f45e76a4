-- Each person's starts and returns. `position` 0: before the first interval, n: in the nth.
-- bounds: 0, where the intervals begin, where the last one ends (Unix milliseconds); from, to: when starts count.
SELECT
    {{anchors}} AS anchors,
    {{returns_of_person}} AS back
FROM
(
    SELECT
        {{person}} AS person,
        toInt32(indexOf({bounds:Array(Int64)}, roundDown({{at}}, {bounds:Array(Int64)}))) - 1 AS position,
        countIf(({{starts}}) AND {{at}} >= {from:Int64} AND {{at}} < {to:Int64}) AS started,
        minIf({{at}}, ({{starts}}) AND {{at}} >= {from:Int64} AND {{at}} < {to:Int64}) AS anchor_at,
        {{returned}} AS returned,
        {{firsts}}
    FROM events
    WHERE {{rows}} AND ({{any}})
    GROUP BY person, position
)
GROUP BY person
