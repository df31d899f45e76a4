-- People by what they did: of whom any row matters, and of whose rows the condition holds.
SELECT {{person}} AS person
FROM events
WHERE {{rows}} AND ({{any}})
GROUP BY person
HAVING {{having}}
