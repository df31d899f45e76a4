-- What one message holds, line by line, on its way to the two tables: kept nowhere.
CREATE TABLE kafka_lines
(
    topic         LowCardinality(String),
    partition     UInt64,
    log_offset    UInt64,
    log_index     UInt32,
    line          String,
    project_id    UInt32,
    message_id    String,
    type          String,
    event         String,
    distinct_id   String,
    received_at   DateTime64(3, 'UTC'),
    event_time    Nullable(DateTime64(3, 'UTC')),
    original_time Nullable(DateTime64(3, 'UTC')),
    sent_time     Nullable(DateTime64(3, 'UTC')),
    properties    Nullable({properties}),
    traits        Nullable(JSON(max_dynamic_paths = 16)),
    context       Nullable(JSON(max_dynamic_paths = 16, SKIP ip)),
    problem       Tuple(reason String, field String, detail String),
    r             {row}
)
ENGINE = Null;

-- Rows as the collector writes them, and events as SDKs send them where the row's name is missing. One that is too far
-- in the future counts as received now.
CREATE MATERIALIZED VIEW kafka_events_mv TO kafka_events AS
SELECT
    project_id,
    message_id,
    type,
    event,
    if(event_time > received_at + toIntervalDay(1), received_at, assumeNotNull(event_time)) AS timestamp,
    coalesce(original_time, event_time, received_at) AS original_timestamp,
    coalesce(sent_time, toDateTime64(0, 3, 'UTC')) AS sent_at,
    received_at,
    if(r.anonymous_id != '', r.anonymous_id, r.anonymousId) AS anonymous_id,
    if(r.user_id != '', r.user_id, r.userId) AS user_id,
    distinct_id,
    if(r.group_id != '', r.group_id, r.groupId) AS group_id,
    if(r.previous_id != '', r.previous_id, r.previousId) AS previous_id,
    if(r.session_id != '', r.session_id, r.sessionId) AS session_id,
    multiIf(r.name != '', r.name, type IN ('page', 'screen'), r.properties.name, '') AS name,
    multiIf(r.category != '', r.category, type IN ('page', 'screen'), r.properties.category, '') AS category,
    multiIf(r.url != '', r.url, r.context.page.url != '', r.context.page.url, type = 'page', r.properties.url, '') AS url,
    if(r.hostname != '', r.hostname, domain(url)) AS hostname,
    multiIf(r.path != '', r.path, r.context.page.path != '', r.context.page.path,
        type = 'page' AND r.properties.path != '', r.properties.path, path(url)) AS path,
    multiIf(r.search != '', r.search, r.context.page.search != '', r.context.page.search,
        type = 'page', r.properties.search, '') AS search,
    multiIf(r.title != '', r.title, r.context.page.title != '', r.context.page.title,
        type = 'page', r.properties.title, '') AS title,
    multiIf(r.referrer != '', r.referrer, r.context.page.referrer != '', r.context.page.referrer,
        type = 'page', r.properties.referrer, '') AS referrer,
    if(r.referrer_domain != '', r.referrer_domain, domain(referrer)) AS referrer_domain,
    if(r.utm_source != '', r.utm_source, r.context.campaign.source) AS utm_source,
    if(r.utm_medium != '', r.utm_medium, r.context.campaign.medium) AS utm_medium,
    if(r.utm_campaign != '', r.utm_campaign, r.context.campaign.name) AS utm_campaign,
    if(r.utm_term != '', r.utm_term, r.context.campaign.term) AS utm_term,
    if(r.utm_content != '', r.utm_content, r.context.campaign.content) AS utm_content,
    r.channel AS channel,
    r.browser AS browser,
    r.browser_version AS browser_version,
    r.os AS os,
    r.os_version AS os_version,
    r.device_type AS device_type,
    r.device_vendor AS device_vendor,
    r.device_model AS device_model,
    if(r.user_agent != '', r.user_agent, r.context.userAgent) AS user_agent,
    if(r.screen_width != 0, r.screen_width, r.context.screen.width) AS screen_width,
    if(r.screen_height != 0, r.screen_height, r.context.screen.height) AS screen_height,
    if(r.locale != '', r.locale, r.context.locale) AS locale,
    if(r.timezone != '', r.timezone, r.context.timezone) AS timezone,
    r.ip AS ip,
    r.country AS country,
    r.region AS region,
    r.city AS city,
    if(r.library != '', r.library, r.context.library.name) AS library,
    if(r.library_version != '', r.library_version, r.context.library.version) AS library_version,
    toDecimal64OrDefault(if(r.revenue != '', r.revenue, r.properties.revenue), 4) AS revenue,
    if(r.currency != '', r.currency, r.properties.currency) AS currency,
    r.is_bot AS is_bot,
    r.bot_reasons AS bot_reasons,
    r.clock_clamped OR event_time > received_at + toIntervalDay(1) AS clock_clamped,
    r.late AS late,
    if(r.retention_days != 0, r.retention_days, {retention_days}) AS retention_days,
    r.content_hash AS content_hash,
    assumeNotNull(properties) AS properties,
    assumeNotNull(traits) AS traits,
    assumeNotNull(context) AS context,
    concat('kafka:', topic, ':', toString(partition)) AS log_id,
    log_offset,
    log_index
FROM kafka_lines
WHERE problem.reason = '';

CREATE MATERIALIZED VIEW kafka_rejected_mv TO kafka_rejected AS
SELECT
    project_id,
    message_id,
    problem.reason AS reason,
    problem.field AS field,
    problem.detail AS detail,
    received_at,
    if(topic = {rejected_topic} AND r.payload != '', r.payload, line) AS payload,
    if(r.retention_days != 0, r.retention_days, {retention_days}) AS retention_days,
    topic,
    partition,
    concat('kafka:', topic, ':', toString(partition)) AS log_id,
    log_offset,
    log_index
FROM kafka_lines
WHERE problem.reason != '';

-- `kafka_events` without what came more than once: one row for each message id, whichever it is.
CREATE OR REPLACE VIEW kafka_events_once AS
SELECT * FROM kafka_events LIMIT 1 BY project_id, message_id;

-- By UTC day and event, as `events_daily`, and how many rows are there for a message id that has one already.
CREATE OR REPLACE VIEW kafka_events_daily AS
SELECT
    e.project_id AS project_id,
    toDate(e.timestamp) AS date,
    e.event AS event_type,
    uniqExact(e.message_id) AS events,
    uniq(e.distinct_id) AS unique_users,
    count() - uniqExact(e.message_id) AS doubles
FROM kafka_events AS e
GROUP BY project_id, date, event_type;
