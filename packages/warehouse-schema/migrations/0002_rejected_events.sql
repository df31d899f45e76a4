-- Every event that was refused, with the reason and the payload as it came, so that it can be replayed.
-- ORDER BY: one looks at a project's latest refusals, or at all of one reason.
CREATE TABLE IF NOT EXISTS rejected_events
(
    project_id      UInt32,
    message_id      String CODEC(ZSTD(1)),
    reason          LowCardinality(String),
    field           LowCardinality(String),
    detail          String CODEC(ZSTD(1)),
    received_at     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    inserted_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    payload         String CODEC(ZSTD(3)),
    retention_days  UInt16 DEFAULT 3650,
    log_id          LowCardinality(String),
    log_offset      UInt64 CODEC(Delta, ZSTD(1)),
    log_index       UInt32 CODEC(ZSTD(1)),

    INDEX log_position (log_id, log_offset) TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}MergeTree
PARTITION BY least(greatest(toYYYYMM(received_at), 201001), 203512)
ORDER BY (project_id, received_at, reason, message_id)
TTL received_at + toIntervalDay(least(retention_days, 20000))
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;
