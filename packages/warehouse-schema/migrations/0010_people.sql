-- Which ids are one person. docs/people.md has the rules.

-- The links that events gave: `identify` an anonymous id to a user, `alias` one id to another. An alias of the event's own
-- anonymous id says what identify says, and counts as one. Ids that stand for "nobody" link nothing.
-- first: when the link was first made, by the event's time, and when that row arrived: what has news is found by the
-- second. Both are of the least row, so that a repetition, however late, changes nothing.
-- ORDER BY: what is asked for is ids. TTL: ids are people, so they go with the raw rows, a day later.
-- The view uses only functions that cannot throw.
CREATE TABLE IF NOT EXISTS identity_links
(
    project_id      UInt32,
    from_id         String CODEC(ZSTD(1)),
    kind            LowCardinality(String),
    to_id           String CODEC(ZSTD(1)),
    day             Date,
    first           SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), arrived DateTime64(3, 'UTC'))),
    retention_days  SimpleAggregateFunction(max, UInt16),

    INDEX to_ids to_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX arrivals first.2 TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY least(greatest(toYYYYMM(day), 201001), 203512)
PRIMARY KEY (project_id, from_id)
ORDER BY (project_id, from_id, kind, to_id, day)
TTL day + toIntervalDay(least(retention_days, 20000) + 1)
SETTINGS
    index_granularity = 1024,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS identity_links_mv TO identity_links AS
SELECT
    project_id,
    if(type = 'identify', anonymous_id, previous_id) AS from_id,
    if(type = 'identify' OR previous_id = anonymous_id, 'identify', 'alias') AS kind,
    user_id AS to_id,
    toDate(timestamp) AS day,
    min((timestamp, now64(3, 'UTC'))) AS first,
    max(e.retention_days) AS retention_days
FROM events AS e
WHERE type IN ('identify', 'alias') AND from_id != to_id
    AND NOT hasAny(
            arrayMap(id -> lower(trim(BOTH ' \t\r\n' FROM id)), [from_id, to_id]),
            ['', '""', 'null', 'undefined', 'guest', 'anonymous', 'none', 'nil', 'nan', '0', '-1', 'true', 'false', 'unknown', '[object object]', 'not_authenticated'])
GROUP BY project_id, from_id, kind, to_id, day;

-- The person of each id whose person is not itself, as the loader last found; of an id's rows the newest version
-- counts. An id that is its own person again has a row that says so. SQL reads it through the dictionary `person_overrides`.
CREATE TABLE IF NOT EXISTS person_override_versions
(
    project_id   UInt32,
    distinct_id  String CODEC(ZSTD(1)),
    latest       SimpleAggregateFunction(max, Tuple(version UInt64, person_id String))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (project_id, distinct_id)
SETTINGS
    index_granularity = 1024,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

-- Who keeps the table above, until when, and what it has seen: of the links that arrived since `seen_since`, how many and
-- which was the newest. The newest row counts.
CREATE TABLE IF NOT EXISTS person_runs
(
    noted_at    DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    holder      String,
    held_until  DateTime64(3, 'UTC'),
    seen_since  DateTime64(3, 'UTC'),
    news        UInt64,
    newest      DateTime64(3, 'UTC'),
    swept_at    DateTime64(3, 'UTC')
)
ENGINE = {replicated}MergeTree
ORDER BY noted_at
TTL toDateTime(noted_at) + INTERVAL 1 DAY
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
