-- In how many rows each property has a value, and of which type, by event, in the range (now_rows) and in the time before
-- it; of a sample of the ids. Numbers are of one type; the typed paths of the column are listed for every row, so that
-- they are looked at one by one.
-- from: where the range begins, Unix milliseconds; names: the events
SELECT
    events.event AS event,
    property.1 AS path,
    property.2 AS type,
    countIf(events.timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AS now_rows,
    count() - now_rows AS before_rows
FROM events SAMPLE 1 / {{sample}}
ARRAY JOIN arrayConcat(
    arrayMap(
        (path, type) -> (path, multiIf(
            type IN ('UInt64', 'Int64', 'Float64'), 'number',
            type = 'Bool', 'boolean',
            startsWith(type, 'Array'), 'array',
            'text')),
        arrayFilter((path, type) -> type NOT IN ('Nullable(String)', 'LowCardinality(Nullable(String))'),
            mapKeys(JSONAllPathsWithTypes(events.properties)) AS paths, mapValues(JSONAllPathsWithTypes(events.properties)) AS types),
        arrayFilter(type -> type NOT IN ('Nullable(String)', 'LowCardinality(Nullable(String))'), types)),
    arrayMap(
        path -> (path.1, 'text'),
        arrayFilter(path -> path.2, [
            ('experiment', isNotNull(events.properties.experiment)),
            ('phase', isNotNull(events.properties.phase)),
            ('variant', isNotNull(events.properties.variant)),
            ('unit', isNotNull(events.properties.unit)),
            ('unitType', isNotNull(events.properties.unitType)),
            ('bucketingVersion', isNotNull(events.properties.bucketingVersion)),
            ('reason', isNotNull(events.properties.reason)),
            ('product_id', isNotNull(events.properties.product_id))]))) AS property
WHERE {{rows}} AND events.event IN {names:Array(String)}
GROUP BY event, path, type
ORDER BY now_rows + before_rows DESC, event, path, type
LIMIT {limit:UInt32}
