/** A query that the box offers. */
export interface SampleQuery {
  name: string;
  sql: string;
}

/** Queries to begin with; each is answered by the tables of a fresh installation. */
export const SAMPLE_QUERIES: readonly [SampleQuery, ...SampleQuery[]] = [
  {
    name: 'Counts by event',
    sql: `SELECT event, events, users, last_received_at
FROM event_counts
ORDER BY events DESC`,
  },
  {
    name: 'Cart to order',
    sql: `SELECT
    uniqIf(distinct_id, event = 'product_viewed')   AS viewed,
    uniqIf(distinct_id, event = 'add_to_cart')      AS added,
    uniqIf(distinct_id, event = 'checkout_started') AS checked_out,
    uniqIf(distinct_id, event = 'order_completed')  AS ordered,
    sumIf(revenue, event = 'order_completed')       AS revenue
FROM events
WHERE timestamp > now() - INTERVAL 7 DAY`,
  },
  {
    name: 'Best sellers',
    sql: `SELECT
    properties.name::String AS product,
    count()                 AS added,
    uniq(distinct_id)       AS people
FROM events
WHERE event = 'add_to_cart'
GROUP BY product
ORDER BY added DESC
LIMIT 10`,
  },
  {
    name: 'By day',
    sql: `SELECT date, event_type, events, unique_users
FROM events_daily
ORDER BY date DESC, events DESC
LIMIT 50`,
  },
  {
    name: 'Columns',
    sql: 'DESCRIBE TABLE events',
  },
];
