-- The channels with the most touches in the range and the look-back before it; equal ones by name.
SELECT {{channel}} AS found
FROM events
WHERE {{rows}} AND {{touch}} AND found != ''
GROUP BY found
ORDER BY count() DESC, found
LIMIT {limit:UInt32}
