-- What leads to the end, from the first step on.
SELECT person, arraySlice(head, arrayFirstIndex(r -> bitTest(r.3, 0), head)) AS tail
FROM
(
    SELECT person, arrayFilter(r -> {{window}}, arraySlice(rows, 1, anchor)) AS head
    FROM ({{anchors}})
)
