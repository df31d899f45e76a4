-- Who was active on which day, as bitmaps of numbers: docs/activity.md. The loader's process fills these tables after the
-- events, from where it left off; what it has not reached, questions read from `events`.

-- A number for each id that did something, and for each that a merge names, within its project; from 1 on without gaps. An
-- id has one number for as long as it has any, and no number is given again.
-- batch: numbers are given in batches that follow one another. expires: the id is a person's, so it goes once the
-- retention of its events is over, rounded up to months so that it is seldom written anew.
CREATE TABLE IF NOT EXISTS person_numbers
(
    project_id   UInt32,
    distinct_id  String CODEC(ZSTD(1)),
    number       SimpleAggregateFunction(min, UInt32),
    batch        SimpleAggregateFunction(min, UInt64),
    expires      SimpleAggregateFunction(max, Date)
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (project_id, distinct_id)
TTL expires
SETTINGS
    index_granularity = 1024,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

-- `person_override_versions` in numbers: whose number counts for an id's, by the newest version.
CREATE TABLE IF NOT EXISTS person_number_overrides
(
    project_id  UInt32,
    number      UInt32,
    latest      SimpleAggregateFunction(max, Tuple(version UInt64, person UInt32))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (project_id, number)
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

-- ids: the numbers of the ids with such an event on a day of a time zone; of the event '' those with any event. A union, so
-- that it may be filled with the same rows again. Merges are applied when it is read.
-- utc_day: the UTC day of those events, so that what is compared and made anew is a day of `events`.
-- retention_days: in the key, so that bits go with the rows that they are of, a day later.
CREATE TABLE IF NOT EXISTS activity_daily
(
    project_id      UInt32,
    zone            LowCardinality(String),
    event           LowCardinality(String),
    day             Date,
    utc_day         Date,
    is_bot          Bool,
    retention_days  UInt16,
    ids             AggregateFunction(groupBitmap, UInt32) CODEC(ZSTD(1))
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY least(greatest(toYYYYMM(utc_day), 201001), 203512)
ORDER BY (project_id, zone, event, day, utc_day, is_bot, retention_days)
TTL utc_day + toIntervalDay(least(retention_days, 20000) + 1)
SETTINGS
    index_granularity = 128,
    index_granularity_bytes = 1048576,
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

-- How far that is, one row: the greatest counts.
-- epoch: grows when a part is to be filled anew, so that what was under way notes nothing. holder, held_until: who is at it.
-- reached: of each time zone and partition of `events`, the first `_block_number` that is not in `activity_daily` yet.
-- numbered: of each project the greatest number that was given; batch: the last batch of numbers. overrides: the version of
-- `person_override_versions` that `person_number_overrides` has.
CREATE TABLE IF NOT EXISTS activity_progress
(
    one     UInt8,
    latest  SimpleAggregateFunction(max, Tuple(
        epoch       UInt64,
        noted_at    DateTime64(6, 'UTC'),
        holder      String,
        held_until  DateTime64(3, 'UTC'),
        reached     Map(String, Map(String, UInt64)),
        numbered    Map(UInt32, UInt32),
        batch       UInt64,
        overrides   UInt64,
        swept_at    DateTime64(3, 'UTC')))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY one
SETTINGS
    non_replicated_deduplication_window = 10000,
    replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 1209600,
    fsync_after_insert = 1,
    fsync_part_directory = 1;
