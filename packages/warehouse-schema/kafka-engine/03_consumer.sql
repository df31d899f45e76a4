-- The consumer: a whole message as one string, whatever is in it. ClickHouse commits the group's offsets after the
-- rows are in the tables, so a crash or a rebalance in between delivers them again.
-- kafka_max_block_size: a block stays small enough for a gigabyte of memory.
CREATE TABLE raw_events_kafka
(
    message String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = {brokers},
    kafka_topic_list = {topics},
    kafka_group_name = {group},
    kafka_format = 'RawBLOB',
    kafka_handle_error_mode = 'stream',
    kafka_num_consumers = {consumers},
    kafka_max_block_size = 20000,
    kafka_poll_max_batch_size = 20000,
    kafka_flush_interval_ms = 500{security};

-- One line is one event; a message with line breaks that is one JSON value is one event as well. What has no id gets its
-- position as one, so that it is known when it comes again. Nothing here may throw, for that would stop the partition:
-- numbers of money are read as text first, and JSON by a cast that gives NULL for what it cannot take.
CREATE MATERIALIZED VIEW raw_events_kafka_mv TO kafka_lines AS
WITH
    arrayMap(
        t -> if(match(t, '^[0-9]{12,15}$'), fromUnixTimestamp64Milli(toInt64OrZero(t), 'UTC'), parseDateTime64BestEffortOrNull(t, 3, 'UTC')),
        [
            if(r.timestamp != '', r.timestamp, r.originalTimestamp),
            if(r.original_timestamp != '', r.original_timestamp, r.originalTimestamp),
            if(r.sent_at != '', r.sent_at, r.sentAt),
            if(r.received_at != '', r.received_at, r.receivedAt)
        ]) AS times,
    isValidJSON(line) AND JSONType(line) = 'Object' AS is_object,
    arrayMap(key -> JSONExtractRaw(line, key), ['properties', 'traits', 'context']) AS raw
SELECT
    topic,
    partition,
    log_offset,
    log_index,
    line,
    if(r.project_id != 0, r.project_id, {project_id}) AS project_id,
    multiIf(r.message_id != '', r.message_id, r.messageId != '', r.messageId, r.event_id != '', r.event_id,
        concat(topic, ':', toString(partition), ':', toString(log_offset), ':', toString(log_index))) AS message_id,
    if(r.type != '', r.type, 'track') AS type,
    multiIf(type != 'track', concat('$', type), r.event != '', r.event, r.event_type) AS event,
    multiIf(r.user_id != '', r.user_id, r.userId != '', r.userId, r.anonymous_id != '', r.anonymous_id, r.anonymousId) AS distinct_id,
    coalesce(times[4], kafka_time) AS received_at,
    if(r.timestamp != '' OR r.originalTimestamp != '', times[1], received_at) AS event_time,
    times[2] AS original_time,
    times[3] AS sent_time,
    accurateCastOrNull(if(raw[1] IN ('', 'null'), '{}', raw[1]), '{properties}') AS properties,
    accurateCastOrNull(if(raw[2] IN ('', 'null'), '{}', raw[2]), 'JSON(max_dynamic_paths = 16)') AS traits,
    accurateCastOrNull(if(raw[3] IN ('', 'null'), '{}', raw[3]), 'JSON(max_dynamic_paths = 16, SKIP ip)') AS context,
    CAST(multiIf(
        error != '', ('unreadable', '', error),
        NOT is_object, ('invalid_event', '', 'expected a JSON object'),
        topic = {rejected_topic}, (if(r.reason != '', r.reason, 'invalid_event'), r.field, r.detail),
        length(message_id) > 128, ('invalid_event', 'messageId', 'expected 1 to 128 bytes'),
        type NOT IN ('track', 'page', 'screen', 'identify', 'group', 'alias'), ('invalid_event', 'type', 'expected track, page, screen, identify, group or alias'),
        event = '', ('invalid_event', 'event', 'expected a name'),
        distinct_id = '', ('invalid_event', 'anonymousId', 'expected an anonymousId or a userId'),
        properties IS NULL, ('invalid_event', 'properties', 'expected an object'),
        traits IS NULL, ('invalid_event', 'traits', 'expected an object'),
        context IS NULL, ('invalid_event', 'context', 'expected an object'),
        event_time IS NULL, ('invalid_event', 'timestamp', 'expected a time'),
        event_time < toDateTime64('2010-01-01 00:00:00', 3, 'UTC'), ('timestamp_out_of_range', 'timestamp', 'expected a time after 2010'),
        ('', '', '')), 'Tuple(reason String, field String, detail String)') AS problem,
    r
FROM
(
    SELECT topic, partition, log_offset, toUInt32(number - 1) AS log_index, line, error, kafka_time, JSONExtract(line, '{row}') AS r
    FROM
    (
        SELECT
            _topic AS topic,
            _partition AS partition,
            _offset AS log_offset,
            _error AS error,
            toDateTime64(coalesce(_timestamp_ms, now64(3)), 3, 'UTC') AS kafka_time,
            multiIf(
                error != '', [_raw_message],
                position(message, '\n') = 0 OR isValidJSON(message), [message],
                splitByChar('\n', message)) AS lines
        FROM raw_events_kafka
    )
    ARRAY JOIN lines AS line, arrayEnumerate(lines) AS number
    WHERE trimBoth(line) != '' OR error != ''
)
SETTINGS type_json_skip_duplicated_paths = 1, json_type_escape_dots_in_keys = 1;
