-- The people of static cohorts, by the ids that were given. Which list a cohort has stands in its definition, so that a
-- new list counts as a whole or not at all; lists that no cohort has are deleted. docs/cohorts.md
CREATE TABLE IF NOT EXISTS cohort_members
(
    project_id   UInt32,
    list_id      UUID,
    distinct_id  String CODEC(ZSTD(1)),
    added_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}MergeTree
ORDER BY (project_id, list_id, distinct_id)
SETTINGS
    index_granularity = 1024,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
