-- Which message ids were loaded, and where each stands in the log: what the loader asks when its memory does not reach
-- back far enough. Kept for the dedupe horizon (8 days) and two more.
-- PARTITION BY: a day of arrival, so that what is too old goes as whole parts.
-- index_granularity: lookups are single ids spread over the whole key, so a granule read for one id is kept small.
CREATE TABLE IF NOT EXISTS message_ids
(
    project_id    UInt32,
    message_id    String CODEC(ZSTD(1)),
    content_hash  UInt32 CODEC(ZSTD(1)),
    received_at   DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    log_id        LowCardinality(String),
    log_offset    UInt64 CODEC(Delta, ZSTD(1)),
    log_index     UInt32 CODEC(ZSTD(1)),

    INDEX log_position (log_id, log_offset) TYPE minmax GRANULARITY 8
)
ENGINE = {replicated}MergeTree
PARTITION BY toYYYYMMDD(received_at)
ORDER BY (project_id, message_id)
TTL received_at + toIntervalDay(10)
SETTINGS
    index_granularity = 1024,
    ttl_only_drop_parts = 1,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS message_ids_mv TO message_ids AS
SELECT project_id, message_id, content_hash, received_at, log_id, log_offset, log_index
FROM events;
