-- The first rollup: events, people, sessions and revenue for each quarter of an hour (hours would break time zones that
-- are off by 30 or 45 minutes). The view uses only functions that cannot throw: an error here would stop the insert.
-- Its rows outlive the raw ones.
CREATE TABLE IF NOT EXISTS events_15m
(
    project_id     UInt32,
    bucket         DateTime('UTC') CODEC(Delta, ZSTD(1)),
    event          LowCardinality(String),
    is_bot         Bool,
    events         SimpleAggregateFunction(sum, UInt64),
    revenue        SimpleAggregateFunction(sum, Decimal(38, 4)),
    users          AggregateFunction(uniq, String),
    sessions       AggregateFunction(uniq, String),
    last_received  SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY least(greatest(toYYYYMM(bucket), 201001), 203512)
ORDER BY (project_id, toDate(bucket), event, is_bot, bucket)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_15m_mv TO events_15m AS
SELECT
    project_id,
    toStartOfFifteenMinutes(timestamp) AS bucket,
    event,
    is_bot,
    count() AS events,
    sum(revenue) AS revenue,
    uniqState(distinct_id) AS users,
    uniqState(session_id) AS sessions,
    max(received_at) AS last_received
FROM events
GROUP BY project_id, bucket, event, is_bot;
