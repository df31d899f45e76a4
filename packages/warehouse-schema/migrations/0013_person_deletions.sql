-- What is left of people who were deleted: that it was done, and enough of their ids to know them again, without the ids.
-- docs/privacy.md.

-- Ids whose events, if made or received up to `until`, are kept nowhere. `hash` is HMAC-SHA256 of `<project>:<id>` under
-- `salt`, 32 hexadecimal digits. Rows are only ever added: loaders know by their number whether theirs are all.
CREATE TABLE IF NOT EXISTS suppressed_ids
(
    project_id  UInt32,
    salt        String,
    hash        String,
    until       DateTime64(3, 'UTC'),
    request_id  UUID
)
ENGINE = {replicated}MergeTree
ORDER BY (project_id, hash)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;

-- What became of each request, a row for each step; the newest counts. It names nobody.
CREATE TABLE IF NOT EXISTS person_deletions
(
    request_id  UUID,
    project_id  UInt32,
    noted_at    DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    state       LowCardinality(String),
    until       DateTime64(3, 'UTC'),
    ids         UInt32,
    detail      String CODEC(ZSTD(1))
)
ENGINE = {replicated}MergeTree
ORDER BY (request_id, noted_at)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;

-- The ids of requests that are not done, so that one that was cut off knows whom it is about: their links may be gone by
-- then. A partition for each, dropped at its end; what is dropped is off the disk within seconds.
CREATE TABLE IF NOT EXISTS person_deletion_ids
(
    request_id  UUID,
    project_id  UInt32,
    id          String CODEC(ZSTD(1))
)
ENGINE = {replicated}MergeTree
PARTITION BY request_id
ORDER BY id
SETTINGS
    old_parts_lifetime = 1,
    cleanup_delay_period = 1,
    cleanup_delay_period_random_add = 0,
    max_cleanup_delay_period = 5,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
