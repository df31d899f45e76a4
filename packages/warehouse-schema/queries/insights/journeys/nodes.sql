-- The steps of each level, those that most people did first; a few more than are wanted, so that names can decide.
SELECT level, node, uniqExact(person) AS people, count() AS journeys
FROM (SELECT person, nodes, {{levels}} AS levels FROM ({{journeys}}))
ARRAY JOIN nodes AS node, levels AS level
GROUP BY level, node
ORDER BY level, people DESC, journeys DESC, node
LIMIT {limit:UInt32} BY level
