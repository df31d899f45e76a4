// The shapes in which other products ask ClickHouse, written anew from what their open code does, over the same table (so
// that key, codecs and columns are ours in all of them: what is compared is the shape of the query). A person is what each
// counts: PostHog joins the overrides, OpenPanel, Plausible and Umami take the id of the row.

const DAY_MS = 86_400_000;
const SHOP = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];

export function peersOf({ from, to, window }) {
  const at = (ms) => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
  const scope = (a = from, b = to, of = 'events') =>
    `${of}.project_id = 1 AND NOT ${of}.is_bot AND ${of}.timestamp >= ${at(a)} AND ${of}.timestamp < ${at(b)}`;
  const ms = 'toUInt64(toUnixTimestamp64Milli(events.timestamp))';
  const one = (name) => `event = '${name}'`;
  const list = (names) => `event IN (${[...new Set(names)].map((name) => `'${name}'`).join(', ')})`;
  const levels = (n) => Array.from({ length: n }, (_, k) => `countIf(level > ${k})`).join(', ');
  const overrides = `LEFT JOIN (SELECT distinct_id, max(latest).person_id AS person_id FROM person_override_versions WHERE project_id = 1 GROUP BY distinct_id) AS o ON o.distinct_id = events.distinct_id`;
  const joined = "if(o.person_id != '', o.person_id, events.distinct_id)";

  /** A funnel by windowFunnel: `id` is whom it counts, `mode` its last arguments. */
  const windowFunnel = (
    names,
    { id = 'events.distinct_id', mode = '', join = '', time = ms, length = window, all = false } = {},
  ) =>
    `SELECT ${levels(names.length)} FROM (SELECT ${id} AS id, windowFunnel(${length}${mode})(${time}, ${names.map(one).join(', ')}) AS level FROM events ${join} WHERE ${scope(from, to + window)}${all ? '' : ` AND ${list(names)}`} GROUP BY id)`;
  const repeated = ['view_item', 'view_item', 'add_to_cart', 'purchase'];
  const pages = ['$page', '$page', 'view_item', 'purchase'];
  const strict = SHOP.slice(0, 3);

  const umamiFunnel = (names) => {
    const ctes = names.map((name, k) =>
      k === 0
        ? `level0 AS (SELECT DISTINCT distinct_id, timestamp FROM events WHERE ${scope()} AND ${one(name)})`
        : `level${k} AS (SELECT DISTINCT y.distinct_id AS distinct_id, y.timestamp AS timestamp FROM level${k - 1} AS x INNER JOIN events AS y ON x.distinct_id = y.distinct_id WHERE ${scope(from, to + window, 'y')} AND y.${one(name)} AND y.timestamp BETWEEN x.timestamp AND x.timestamp + INTERVAL ${window / 1000} SECOND)`,
    );
    return `WITH ${ctes.join(', ')} ${names.map((_, k) => `SELECT ${k} AS level, count(DISTINCT distinct_id) AS people FROM level${k}`).join(' UNION ALL ')}`;
  };

  return {
    'trends: people of $page': {
      PostHog: `SELECT toStartOfDay(timestamp) AS day, count(DISTINCT ${joined}) FROM events ${overrides} WHERE ${scope()} AND ${one('$page')} GROUP BY day`,
      'Plausible, OpenPanel (uniq, an estimate)': `SELECT toStartOfDay(timestamp) AS day, uniq(distinct_id) FROM events WHERE ${scope()} AND ${one('$page')} GROUP BY day`,
    },
    'trends: $page by country': {
      PostHog: `SELECT country, groupArray((day, n)) FROM (SELECT country, toStartOfDay(timestamp) AS day, count() AS n FROM events WHERE ${scope()} AND ${one('$page')} GROUP BY country, day) GROUP BY country`,
    },
    'funnel: steps that exclude each other': {
      'windowFunnel alone': windowFunnel(SHOP),
      'PostHog (strict_once, joined overrides)': windowFunnel(SHOP, {
        id: joined,
        join: overrides,
        mode: ", 'strict_once'",
      }),
      'OpenPanel (strict_increase)': windowFunnel(SHOP, { mode: ", 'strict_increase'" }),
      'Plausible (seconds)': windowFunnel(SHOP, {
        time: 'toDateTime(events.timestamp)',
        length: window / 1000,
      }),
      'Umami (a join for each step)': umamiFunnel(SHOP),
    },
    'funnel: steps that overlap': {
      'windowFunnel alone (its figures are wrong)': windowFunnel(repeated),
      'PostHog (strict_once, joined overrides)': windowFunnel(repeated, {
        id: joined,
        join: overrides,
        mode: ", 'strict_once'",
      }),
      'Umami (a join for each step)': umamiFunnel(repeated),
    },
    'funnel: overlapping, half of all rows': {
      'windowFunnel alone (its figures are wrong)': windowFunnel(pages),
      'PostHog (strict_once, joined overrides)': windowFunnel(pages, {
        id: joined,
        join: overrides,
        mode: ", 'strict_once'",
      }),
    },
    'funnel: strict': {
      'windowFunnel strict_order, all rows': windowFunnel(strict, { mode: ", 'strict_order'", all: true }),
    },
    'funnel: unordered': {
      'PostHog (a windowFunnel from each step)': `SELECT ${levels(4)} FROM (SELECT ${joined} AS id, arrayMax([${SHOP.map((_, k) => `windowFunnel(${window})(${ms}, ${SHOP.map((__, n) => one(SHOP[(n + k) % 4])).join(', ')})`).join(', ')}]) AS level FROM events ${overrides} WHERE ${scope(from, to + window)} AND ${list(SHOP)} GROUP BY id)`,
    },
    'retention: 14 days, $page': {
      'PostHog (arrays of days)': `SELECT start, d, count() FROM (SELECT ${joined} AS id, groupUniqArray(toDate(timestamp)) AS days FROM events ${overrides} WHERE ${scope(from, to + 15 * DAY_MS)} AND ${one('$page')} GROUP BY id) ARRAY JOIN days AS start ARRAY JOIN arrayFilter(x -> x BETWEEN 0 AND 14, arrayMap(x -> x - start, days)) AS d GROUP BY start, d`,
      'Umami (first day, joined)': `WITH cohort AS (SELECT distinct_id, min(toDate(timestamp)) AS start FROM events WHERE ${scope()} AND ${one('$page')} GROUP BY distinct_id), activity AS (SELECT DISTINCT e.distinct_id AS distinct_id, toDate(e.timestamp) - c.start AS d FROM events AS e JOIN cohort AS c ON e.distinct_id = c.distinct_id WHERE ${scope(from, to, 'e')} AND e.${one('$page')}) SELECT c.start, a.d, count() FROM cohort AS c JOIN activity AS a ON c.distinct_id = a.distinct_id WHERE a.d <= 31 GROUP BY c.start, a.d`,
    },
    'active users: day, week and month': {
      'raw, a window for each day': `SELECT day, uniqExact(id) FROM (SELECT arrayJoin(arrayMap(x -> toDate(seen + x), range(30))) AS day, id FROM (SELECT DISTINCT toDate(timestamp) AS seen, distinct_id AS id FROM events WHERE ${scope(from - 29 * DAY_MS)})) WHERE day >= toDate(${at(from)}) AND day < toDate(${at(to)}) GROUP BY day`,
      'PostHog (days joined to events)': `SELECT d.day, count(DISTINCT e.id) FROM (SELECT toDate(${at(from)}) + number AS day, 1 AS k FROM numbers(30)) AS d CROSS JOIN (SELECT toDate(timestamp) AS seen, ${joined} AS id FROM events ${overrides} WHERE ${scope(from - 29 * DAY_MS)} GROUP BY seen, id) AS e WHERE e.seen <= d.day AND e.seen > d.day - 30 GROUP BY d.day`,
    },
    lifecycle: {
      'PostHog (arrays of days)': `SELECT kind.1 AS day, kind.2 AS what, count() FROM (SELECT ${joined} AS id, min(toDate(timestamp)) AS born, arraySort(groupUniqArray(toDate(timestamp))) AS days, arrayPushFront(arrayPopBack(days), toDate(0)) AS before, arrayPushBack(arrayPopFront(days), toDate(0)) AS after, arrayConcat(arrayMap((d, b) -> (d, multiIf(d = born, 'new', b = d - 1, 'returning', 'resurrecting')), days, before), arrayFilter(x -> x.2 != '', arrayMap((d, a) -> (d + 1, if(a = d + 1, '', 'dormant')), days, after))) AS kinds FROM events ${overrides} WHERE ${scope(from - 15 * DAY_MS)} GROUP BY id) ARRAY JOIN kinds AS kind GROUP BY day, what`,
    },
    stickiness: {
      PostHog: `SELECT n, count() FROM (SELECT ${joined} AS id, count(DISTINCT toDate(timestamp)) AS n FROM events ${overrides} WHERE ${scope()} GROUP BY id) GROUP BY n`,
    },
    sessions: {
      'PostHog, OpenPanel, Umami (the id alone)': `SELECT toDate(first) AS day, count(), avg(last - first), countIf(pages = 1) / count() FROM (SELECT session_id, min(timestamp) AS first, max(timestamp) AS last, countIf(${one('$page')}) AS pages, argMinIf(path, timestamp, path != '') AS entry, argMaxIf(path, timestamp, path != '') AS exit FROM events WHERE ${scope()} AND session_id != '' GROUP BY session_id) GROUP BY day`,
    },
    'journeys: pages of sessions': {
      'PostHog (arrays, links)': `SELECT source, target, count() AS n FROM (SELECT session_id, arraySlice(arrayCompact(arrayMap(x -> x.2, arraySort(groupArray((timestamp, path))))), 1, 5) AS p, arrayJoin(arrayZip(arrayPopBack(p), arrayPopFront(p))) AS link, link.1 AS source, link.2 AS target FROM events WHERE ${scope()} AND ${one('$page')} AND session_id != '' GROUP BY session_id) GROUP BY source, target ORDER BY n DESC LIMIT 50`,
      'Umami (ROW_NUMBER)': `WITH e AS (SELECT session_id, path, row_number() OVER (PARTITION BY session_id ORDER BY timestamp) AS n FROM events WHERE ${scope()} AND ${one('$page')} AND session_id != ''), s AS (SELECT session_id, maxIf(path, n = 1) AS e1, maxIf(path, n = 2) AS e2, maxIf(path, n = 3) AS e3, maxIf(path, n = 4) AS e4, maxIf(path, n = 5) AS e5 FROM e WHERE n <= 5 GROUP BY session_id) SELECT e1, e2, e3, e4, e5, count() AS n FROM s GROUP BY e1, e2, e3, e4, e5 ORDER BY n DESC LIMIT 100`,
    },
    attribution: {
      'Umami (first click, joined)': `WITH bought AS (SELECT distinct_id, max(timestamp) AS at, sum(revenue) AS value FROM events WHERE ${scope()} AND ${one('purchase')} GROUP BY distinct_id), touch AS (SELECT b.distinct_id AS distinct_id, argMin(e.utm_medium, e.timestamp) AS medium, any(b.value) AS value FROM bought AS b JOIN events AS e ON e.distinct_id = b.distinct_id WHERE ${scope(from - 14 * DAY_MS, to, 'e')} AND e.${one('$page')} AND e.timestamp < b.at GROUP BY b.distinct_id) SELECT medium, count(), sum(value) FROM touch GROUP BY medium`,
    },
    revenue: {
      Umami: `SELECT toStartOfDay(timestamp) AS day, sum(revenue), count(DISTINCT distinct_id) FROM events WHERE ${scope()} AND ${one('purchase')} GROUP BY day`,
    },
  };
}
