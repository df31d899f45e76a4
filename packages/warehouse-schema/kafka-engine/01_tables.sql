-- Events that ClickHouse's own Kafka engine took from the topics: the columns of `events`, the position included
-- (`log_id` is `kafka:<topic>:<partition>`, `log_offset` the message, `log_index` the line in it).
-- At least once: a row that was delivered again stands here again, under the same message_id and position.
-- non_replicated_deduplication_window = 0: a plain table notes a block before its part exists, and a block that comes
-- again after a crash in between would be dropped without a sound.
-- PARTITION BY the year: one block may touch every year from 2010 to 2035 without passing the limit of 100 partitions.
-- context leaves out `ip`: what others write has the whole address.
CREATE TABLE IF NOT EXISTS kafka_events
(
    project_id          UInt32,
    message_id          String CODEC(ZSTD(1)),
    type                LowCardinality(String),
    event               LowCardinality(String),
    timestamp           DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    original_timestamp  DateTime64(3, 'UTC') DEFAULT timestamp CODEC(Delta, ZSTD(1)),
    sent_at             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    inserted_at         DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),

    anonymous_id        String CODEC(ZSTD(1)),
    user_id             String CODEC(ZSTD(1)),
    distinct_id         String DEFAULT if(user_id != '', user_id, anonymous_id) CODEC(ZSTD(1)),
    group_id            String CODEC(ZSTD(1)),
    previous_id         String CODEC(ZSTD(1)),
    session_id          String CODEC(ZSTD(1)),
    person              UInt32 DEFAULT 0 CODEC(ZSTD(1)),

    name                String CODEC(ZSTD(1)),
    category            LowCardinality(String),
    url                 String CODEC(ZSTD(1)),
    hostname            LowCardinality(String),
    path                String CODEC(ZSTD(1)),
    search              String CODEC(ZSTD(1)),
    title               LowCardinality(String) CODEC(ZSTD(1)),
    referrer            String CODEC(ZSTD(1)),
    referrer_domain     LowCardinality(String),
    utm_source          LowCardinality(String),
    utm_medium          LowCardinality(String),
    utm_campaign        LowCardinality(String),
    utm_term            LowCardinality(String),
    utm_content         LowCardinality(String),
    channel             LowCardinality(String),

    browser             LowCardinality(String),
    browser_version     LowCardinality(String),
    os                  LowCardinality(String),
    os_version          LowCardinality(String),
    device_type         LowCardinality(String),
    device_vendor       LowCardinality(String),
    device_model        LowCardinality(String),
    user_agent          LowCardinality(String) CODEC(ZSTD(1)),
    screen_width        UInt16,
    screen_height       UInt16,
    locale              LowCardinality(String),
    timezone            LowCardinality(String),
    ip                  String CODEC(ZSTD(1)),
    country             LowCardinality(String),
    region              LowCardinality(String),
    city                LowCardinality(String),
    library             LowCardinality(String),
    library_version     LowCardinality(String),

    revenue             Decimal(18, 4) CODEC(ZSTD(1)),
    currency            LowCardinality(String),
    is_bot              Bool,
    bot_reasons         Array(LowCardinality(String)),
    clock_clamped       Bool,
    late                Bool,
    retention_days      UInt16 DEFAULT 730,
    content_hash        UInt32 CODEC(ZSTD(1)),

    properties          JSON(
                            max_dynamic_paths = 64,
                            experiment LowCardinality(Nullable(String)),
                            phase LowCardinality(Nullable(String)),
                            variant LowCardinality(Nullable(String)),
                            unit Nullable(String),
                            unitType LowCardinality(Nullable(String)),
                            bucketingVersion LowCardinality(Nullable(String)),
                            reason LowCardinality(Nullable(String)),
                            product_id LowCardinality(Nullable(String))
                        ) CODEC(ZSTD(1)),
    traits              JSON(max_dynamic_paths = 16) CODEC(ZSTD(1)),
    context             JSON(max_dynamic_paths = 16, SKIP ip) CODEC(ZSTD(1)),

    log_id              LowCardinality(String),
    log_offset          UInt64 CODEC(Delta, ZSTD(1)),
    log_index           UInt32 CODEC(ZSTD(1)),

    event_id            String ALIAS message_id,
    event_type          LowCardinality(String) ALIAS event,
    created_at          DateTime64(3, 'UTC') ALIAS inserted_at,

    INDEX log_position (log_id, log_offset) TYPE minmax GRANULARITY 1,
    INDEX received received_at TYPE minmax GRANULARITY 1,
    INDEX distinct_ids distinct_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {replicated}MergeTree
PARTITION BY least(greatest(toYear(timestamp), 2010), 2035)
PRIMARY KEY (project_id, toDate(timestamp), event, cityHash64(distinct_id))
ORDER BY (project_id, toDate(timestamp), event, cityHash64(distinct_id), timestamp, message_id)
SAMPLE BY cityHash64(distinct_id)
TTL timestamp + toIntervalDay(least(retention_days, 20000))
SETTINGS
    non_replicated_deduplication_window = 0,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;

-- What the Kafka engine could not take as an event, as it came, with the reason; and the rows of the topic of rejected
-- events. At least once too: `log_id`, `log_offset` and `log_index` tell one that came again.
CREATE TABLE IF NOT EXISTS kafka_rejected
(
    project_id      UInt32,
    message_id      String CODEC(ZSTD(1)),
    reason          LowCardinality(String),
    field           LowCardinality(String),
    detail          String CODEC(ZSTD(1)),
    received_at     DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    inserted_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    payload         String CODEC(ZSTD(3)),
    retention_days  UInt16 DEFAULT 730,
    topic           LowCardinality(String),
    partition       UInt64 CODEC(ZSTD(1)),
    log_id          LowCardinality(String),
    log_offset      UInt64 CODEC(Delta, ZSTD(1)),
    log_index       UInt32 CODEC(ZSTD(1)),

    INDEX log_position (log_id, log_offset) TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}MergeTree
PARTITION BY least(greatest(toYear(received_at), 2010), 2035)
ORDER BY (project_id, received_at, reason, message_id)
TTL received_at + toIntervalDay(least(retention_days, 20000))
SETTINGS
    non_replicated_deduplication_window = 0,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 67108864;
