-- People and their sessions, as docs/people.md says. Views that read the dictionary of people name their columns, since
-- that is made after the tables; and its database, so that they read the same in a backup of before and of after that.

-- Everybody who did anything and is no bot. `ids` are those that events came under, a thousand at most; `traits` those of
-- `identify`, of each name the newest by the time of the event, as text.
CREATE VIEW IF NOT EXISTS people
(
    project_id   UInt32,
    person_id    String,
    ids          Array(String),
    first_seen   DateTime64(3, 'UTC'),
    last_seen    DateTime64(3, 'UTC'),
    events       UInt64,
    active_days  UInt64,
    revenue      Decimal(38, 4),
    country      String,
    device_type  String,
    traits       Map(String, String)
)
AS
SELECT
    p.project_id AS project_id,
    p.person_id AS person_id,
    p.ids AS ids,
    p.first_seen AS first_seen,
    p.last_seen AS last_seen,
    p.events AS events,
    p.active_days AS active_days,
    p.revenue AS revenue,
    p.country AS country,
    p.device_type AS device_type,
    t.traits AS traits
FROM
(
    SELECT
        e.project_id AS project_id,
        dictGetOrDefault('millrace.person_overrides', 'person_id', (e.project_id, e.distinct_id), e.distinct_id) AS person_id,
        arraySort(groupUniqArray(1000)(e.distinct_id)) AS ids,
        min(e.timestamp) AS first_seen,
        max(e.timestamp) AS last_seen,
        count() AS events,
        uniqExact(toDate(e.timestamp)) AS active_days,
        sum(e.revenue) AS revenue,
        toString(argMaxIf(e.country, (e.timestamp, e.message_id), e.country != '')) AS country,
        toString(argMaxIf(e.device_type, (e.timestamp, e.message_id), e.device_type != '')) AS device_type
    FROM events AS e
    WHERE NOT e.is_bot
    GROUP BY project_id, person_id
) AS p
LEFT JOIN
(
    SELECT project_id, person_id, CAST(groupArray((name, value)), 'Map(String, String)') AS traits
    FROM
    (
        SELECT
            project_id,
            dictGetOrDefault('millrace.person_overrides', 'person_id', (project_id, distinct_id), distinct_id) AS person_id,
            trait.1 AS name,
            argMax(if(startsWith(trait.2, '"'), JSONExtractString(trait.2), trait.2), (timestamp, message_id)) AS value
        FROM
        (
            SELECT
                e.project_id AS project_id,
                e.distinct_id AS distinct_id,
                e.timestamp AS timestamp,
                e.message_id AS message_id,
                arrayJoin(JSONExtractKeysAndValuesRaw(toString(e.traits))) AS trait
            FROM events AS e
            WHERE e.type = 'identify' AND NOT e.is_bot
        )
        GROUP BY project_id, person_id, name
        ORDER BY name
    )
    GROUP BY project_id, person_id
) AS t ON t.project_id = p.project_id AND t.person_id = p.person_id;

-- What one person did, in order: SELECT * FROM person_timeline(project = 1, person = 'ada'). `person` may be any of the
-- person's ids.
CREATE VIEW IF NOT EXISTS person_timeline AS
WITH
    (
        SELECT if(max(latest).person_id = '', {person:String}, max(latest).person_id)
        FROM person_override_versions
        WHERE project_id = {project:UInt32} AND distinct_id = {person:String}
    ) AS who
SELECT
    e.timestamp AS timestamp,
    e.event AS event,
    e.type AS type,
    e.distinct_id AS distinct_id,
    e.session_id AS session_id,
    e.url AS url,
    e.path AS path,
    e.title AS title,
    e.referrer AS referrer,
    e.channel AS channel,
    e.device_type AS device_type,
    e.country AS country,
    e.revenue AS revenue,
    e.is_bot AS is_bot,
    e.properties AS properties,
    e.traits AS traits,
    e.message_id AS message_id
FROM events AS e
WHERE e.project_id = {project:UInt32}
    AND e.distinct_id GLOBAL IN
    (
        SELECT distinct_id
        FROM person_override_versions
        WHERE project_id = {project:UInt32}
        GROUP BY distinct_id
        HAVING max(latest).person_id = who
        UNION DISTINCT
        SELECT assumeNotNull(who) AS distinct_id
    )
ORDER BY timestamp, message_id;

-- Sessions. The client's own id wins (`source` is 'client'). A device's rows without one, by whatever SDK, are cut where
-- it did nothing for 30 minutes, and every 24 hours ('device'). What a server sent without one is in no session.
-- person_id: who the last of its events is of. is_bounce: one page at most, and nothing done on it.
CREATE VIEW IF NOT EXISTS sessions
(
    project_id       UInt32,
    session_id       String,
    source           String,
    person_id        String,
    started_at       DateTime64(3, 'UTC'),
    ended_at         DateTime64(3, 'UTC'),
    duration_ms      Int64,
    events           UInt64,
    page_views       UInt64,
    is_bounce        Bool,
    entry_path       String,
    exit_path        String,
    referrer_domain  String,
    channel          String,
    utm_source       String,
    utm_medium       String,
    utm_campaign     String,
    device_type      String,
    country          String,
    revenue          Decimal(38, 4),
    is_bot           Bool
)
AS
SELECT
    project_id,
    session_id,
    source,
    dictGetOrDefault('millrace.person_overrides', 'person_id', (project_id, last_id), last_id) AS person_id,
    fromUnixTimestamp64Milli(first_ms, 'UTC') AS started_at,
    fromUnixTimestamp64Milli(last_ms, 'UTC') AS ended_at,
    last_ms - first_ms AS duration_ms,
    events,
    page_views,
    toBool(page_views <= 1 AND tracks = 0) AS is_bounce,
    entry_path,
    exit_path,
    entry.1 AS referrer_domain,
    entry.2 AS channel,
    entry.3 AS utm_source,
    entry.4 AS utm_medium,
    entry.5 AS utm_campaign,
    entry.6 AS device_type,
    entry.7 AS country,
    revenue,
    is_bot
FROM
(
    SELECT
        project_id,
        session_id,
        source,
        min(r.1) AS first_ms,
        max(r.1) AS last_ms,
        count() AS events,
        countIf(r.4 IN ('page', 'screen')) AS page_views,
        countIf(r.4 = 'track') AS tracks,
        argMax(r.3, (r.1, r.2)) AS last_id,
        argMinIf(r.5, (r.1, r.2), r.5 != '') AS entry_path,
        argMaxIf(r.5, (r.1, r.2), r.5 != '') AS exit_path,
        argMin(r.6, (r.1, r.2)) AS entry,
        sum(r.7) AS revenue,
        max(r.8) AS is_bot
    FROM
    (
        SELECT
            project_id,
            session_id,
            'client' AS source,
            (
                toUnixTimestamp64Milli(timestamp), message_id, distinct_id, toString(type), path,
                (toString(referrer_domain), toString(channel), toString(utm_source), toString(utm_medium), toString(utm_campaign), toString(device_type), toString(country)),
                revenue, is_bot
            ) AS r
        FROM events
        WHERE session_id != ''
        UNION ALL
        SELECT
            project_id,
            concat(anonymous_id, '/', toString(run[1].1)) AS session_id,
            'device' AS source,
            arrayJoin(run) AS r
        FROM
        (
            SELECT
                project_id,
                anonymous_id,
                arrayJoin(arraySplit((r, step) -> step > 0, busy, arrayDifference(arrayMap(r -> intDiv(r.1 - busy[1].1, 86400000), busy)))) AS run
            FROM
            (
                SELECT
                    project_id,
                    anonymous_id,
                    arrayJoin(arraySplit((r, gap) -> gap > 1800000, rows, arrayDifference(arrayMap(r -> r.1, rows)))) AS busy
                FROM
                (
                    SELECT
                        project_id,
                        anonymous_id,
                        arraySort(r -> (r.1, r.2), groupArray(
                            (
                                toUnixTimestamp64Milli(timestamp), message_id, distinct_id, toString(type), path,
                                (toString(referrer_domain), toString(channel), toString(utm_source), toString(utm_medium), toString(utm_campaign), toString(device_type), toString(country)),
                                revenue, is_bot
                            ))) AS rows
                    FROM events
                    WHERE session_id = '' AND anonymous_id != '' AND (user_agent != '' OR device_type != '')
                    GROUP BY project_id, anonymous_id
                )
            )
        )
    )
    GROUP BY project_id, session_id, source
);
