-- What ids did, of some rows of `events`: into which sets and intervals each row falls.
SELECT events.distinct_id AS id, arrayConcat({{places}}) AS row_places
FROM events
WHERE {{rows}} AND {{some}}
