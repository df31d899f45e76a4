-- Where each journey begins (or, with an end alone, ends): of those that do within the range.
SELECT person, rows, anchor, rows[anchor].1 AS at
FROM
(
    SELECT person, rows, arrayFirstIndex(r -> bitTest(r.3, {{flag}}) AND {{eligible}}, rows) AS anchor
    FROM ({{rows}})
)
WHERE anchor > 0 AND {{inRange}}
