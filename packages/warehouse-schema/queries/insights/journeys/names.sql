-- What steps are called.
SELECT {{id}} AS node, any({{shown}}) AS name
FROM events
WHERE {{rows}} AND {{isStep}} AND node IN {nodes:Array(UInt64)}
GROUP BY node
