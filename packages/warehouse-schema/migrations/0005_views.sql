-- Readable views; `events_15m` itself holds states that only its aggregate functions can read.

-- Counts by project and event, over all time.
CREATE VIEW IF NOT EXISTS event_counts AS
SELECT
    r.project_id AS project_id,
    r.event AS event,
    sum(r.events) AS events,
    uniqMerge(r.users) AS users,
    sum(r.revenue) AS revenue,
    max(r.last_received) AS last_received_at
FROM events_15m AS r
GROUP BY project_id, event;

-- Events and people by UTC day and event.
CREATE VIEW IF NOT EXISTS events_daily AS
SELECT
    r.project_id AS project_id,
    toDate(r.bucket) AS date,
    r.event AS event_type,
    sum(r.events) AS events,
    uniqMerge(r.users) AS unique_users,
    sum(r.revenue) AS revenue
FROM events_15m AS r
GROUP BY project_id, date, event_type;

-- Events under the short names of `POST /track`; `user_id` is the person as known: the user, else the anonymous id.
CREATE VIEW IF NOT EXISTS user_events AS
SELECT
    e.message_id AS event_id,
    e.distinct_id AS user_id,
    e.session_id AS session_id,
    e.event AS event_type,
    e.timestamp AS timestamp,
    e.properties AS properties,
    e.inserted_at AS created_at,
    e.project_id AS project_id
FROM events AS e;
