-- Whether the amounts of a question are in several currencies: their sum then says nothing.
SELECT arraySort(groupUniqArray(10)(events.currency)) AS currencies
FROM events
WHERE {{rows}} AND {{choice}} AND ifNull({{amount}} != 0, false) AND events.currency != ''
