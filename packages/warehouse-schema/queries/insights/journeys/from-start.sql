-- What follows the start.
SELECT person, arrayFilter(r -> {{window}}, arraySlice(rows, anchor)) AS tail
FROM ({{anchors}})
