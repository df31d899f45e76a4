-- Who did what, of some rows of `events`: into which sets and intervals each falls.
SELECT {{person}} AS person, arrayConcat({{places}}) AS row_places
FROM events
WHERE {{rows}} AND {{some}}
