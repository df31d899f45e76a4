-- In how many rows each of the columns is set, by event and by the version of the library, in the range (is_now) and in
-- the time before it; of a sample of the ids.
-- from: where the range begins, Unix milliseconds; names: the events
SELECT
    events.event AS event,
    events.library AS library,
    events.library_version AS version,
    events.timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AS is_now,
    count() AS row_count,
    sumForEach({{columns}}) AS filled
FROM events SAMPLE 1 / {{sample}}
WHERE {{rows}} AND events.event IN {names:Array(String)}
GROUP BY event, library, version, is_now
ORDER BY row_count DESC, event, library, version, is_now
LIMIT {limit:UInt32}
