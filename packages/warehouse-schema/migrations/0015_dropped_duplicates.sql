-- How many events of each record of the log were there already and were dropped: what data quality says of repetitions.
-- Exact without tokens: what is dropped depends on the log alone, so a record that is noted again, after a crash or in
-- another chunk, has the same number, and the greatest one counts. No ids and no content: nothing of a person.
-- Fewer rows than the log has records, and none where nothing is repeated; kept for a year.
CREATE TABLE IF NOT EXISTS dropped_duplicates
(
    project_id   UInt32,
    received_at  DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    log_id       LowCardinality(String),
    log_offset   UInt64 CODEC(Delta, ZSTD(1)),
    duplicates   SimpleAggregateFunction(max, UInt64)
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY least(greatest(toYYYYMM(received_at), 201001), 203512)
ORDER BY (project_id, received_at, log_id, log_offset)
TTL received_at + toIntervalDay(365)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;
