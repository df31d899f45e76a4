-- Columns of `events` in fewer bytes; what is stored already is written anew when parts are merged, and text that becomes of
-- low cardinality meanwhile, behind the migration (alter_sync).
-- T64: times of a part lie within days, so of their 64 bits 28 say all. Low cardinality: pages have few titles and people
-- few browsers. ZSTD over dictionary numbers: the rows of one person lie together. Block offsets are for
-- lightweight updates, which nothing makes: who an id is is looked up, rows are never rewritten for it. Block numbers
-- stay: activity_daily follows them.
ALTER TABLE events MODIFY COLUMN timestamp DateTime64(3, 'UTC') CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN original_timestamp DateTime64(3, 'UTC') DEFAULT timestamp CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN sent_at DateTime64(3, 'UTC') CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN received_at DateTime64(3, 'UTC') CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN inserted_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN log_offset UInt64 CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN log_index UInt32 CODEC(T64, ZSTD(1));
ALTER TABLE events MODIFY COLUMN user_agent LowCardinality(String) CODEC(ZSTD(1)) SETTINGS alter_sync = 0;
ALTER TABLE events MODIFY COLUMN title LowCardinality(String) CODEC(ZSTD(1)) SETTINGS alter_sync = 0;
ALTER TABLE events MODIFY COLUMN referrer_domain LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN utm_source LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN utm_medium LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN utm_campaign LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN channel LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN browser LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN browser_version LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN os LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN os_version LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN device_type LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN device_model LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN screen_width UInt16 CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN screen_height UInt16 CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN locale LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN timezone LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN country LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN region LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY COLUMN city LowCardinality(String) CODEC(ZSTD(1));
ALTER TABLE events MODIFY SETTING enable_block_offset_column = 0;
