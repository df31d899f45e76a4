// The events of the benchmark, as one SELECT over `numbers`: every value is a hash of the row's number, of its user or of
// its session, so that the same size gives the same events on any machine. Users follow a power law (the first of 400,000
// in ten million has thousands of events, most have a few), have 1 to 14 sessions over 60 days, and events that lie some
// minutes apart. A third of them are anonymous in one session and identified from then on, a third are never identified;
// of one in ten no session id comes. The 60 days end at the last midnight, so that nothing of it has expired.

const DAY_MS = 86_400_000;
const DAYS = 60;
const SLICES = 12;
const EVENTS_OF_A_USER = 25;

/** Of a thousand events, how many have each name; the rest are of 60 rare names. */
const WEIGHTS = {
  $page: 450,
  $autocapture: 170,
  view_item: 120,
  add_to_cart: 60,
  begin_checkout: 30,
  purchase: 10,
  search: 50,
  cta_clicked: 40,
  $exposure: 20,
  video_played: 20,
};
const RARE = 60;

/** When the events lie: Unix milliseconds, [from, to). */
export function spanOf(now) {
  const to = Math.floor(now / DAY_MS) * DAY_MS;
  return { from: to - DAYS * DAY_MS, to };
}

/** A fraction in [0, 1) that depends on the columns alone. */
const fraction = (...of) => `(cityHash64(${of.join(', ')}) / 18446744073709551616.)`;
const oneOf = (values, hash) => `[${values.map(quote).join(', ')}][1 + (${hash}) % ${values.length}]`;
const quote = (text) => `'${text.replaceAll("'", "\\'")}'`;
const uuid7 = (ms, ...of) =>
  `(lower(hex(bitShiftLeft(toUInt64(${ms}), 16))) AS ${of[0]}_time, lower(hex(cityHash64(${of.slice(1).join(', ')}))) AS ${of[0]}_rest, concat(substring(${of[0]}_time, 1, 8), '-', substring(${of[0]}_time, 9, 4), '-7', substring(${of[0]}_rest, 1, 3), '-9', substring(${of[0]}_rest, 4, 3), '-', substring(lower(hex(cityHash64(${of.slice(1).join(', ')}, 'tail'))), 1, 12))).3`;

const BROWSERS = ['Chrome', 'Mobile Safari', 'Safari', 'Edge', 'Firefox', 'Mobile Chrome'];
const SYSTEMS = ['Windows', 'iOS', 'macOS', 'Windows', 'Linux', 'Android'];
const DEVICES = ['desktop', 'mobile', 'desktop', 'desktop', 'desktop', 'mobile'];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/@.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/@.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/@.1 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/@.0.0.0 Safari/537.36 Edg/@.0.0.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:@.0) Gecko/20100101 Firefox/@.0',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/@.0.0.0 Mobile Safari/537.36',
];
const COUNTRIES = [
  'US',
  'DE',
  'GB',
  'IN',
  'FR',
  'NP',
  'BR',
  'JP',
  'CA',
  'NL',
  'ES',
  'IT',
  'PL',
  'SE',
  'AU',
  'MX',
];
const SOURCES = ['google', 'newsletter', 'facebook', 'bing', 'partner'];
const MEDIA = ['cpc', 'email', 'paid social', 'cpc', 'affiliate'];
const REFERRERS = ['', '', '', 'www.google.com', 'www.google.com', 'news.example.org', 'duckduckgo.com'];

/** The name of an event by a number below 1,000. */
function eventOf(hash) {
  let below = 0;
  const cases = Object.entries(WEIGHTS).map(([name, weight]) => {
    below += weight;
    return `${hash} < ${below}, ${quote(name)}`;
  });
  return `multiIf(${cases.join(', ')}, concat('feature_', toString(${hash} % ${RARE})))`;
}

const PROPERTIES = {
  view_item:
    'concat(\'{"product_id":"p-\', toString(product), \'","name":"Kettle No. \', toString(product), \'","price":\', toString(price), \',"currency":"EUR","position":\', toString(h % 20), \',"in_stock":\', if(h % 3 > 0, \'true\', \'false\'), \',"list":"search results"}\')',
  add_to_cart:
    'concat(\'{"product_id":"p-\', toString(product), \'","price":\', toString(price), \',"currency":"EUR","quantity":\', toString(1 + h % 3), \'}\')',
  purchase:
    "concat('{\"order_id\":\"o-', toString(row), '\",\"product_id\":\"p-', toString(product), '\",\"coupon\":\"', ['', 'SPRING', 'WELCOME'][1 + h % 3], '\"}')",
  $exposure:
    'concat(\'{"experiment":"\', experiment, \'","phase":1,"variant":"\', variant, \'","unit":"\', anonymous_id, \'","unitType":"anonymousId","bucketingVersion":1,"reason":"split","definitionsVersion":12}\')',
  search: 'concat(\'{"query":"coffee \', toString(h % 3000), \'","results":\', toString(h % 90), \'}\')',
  $autocapture:
    "concat('{\"tag\":\"', ['button', 'a', 'input'][1 + h % 3], '\",\"text\":\"', ['Add to cart', 'Next', 'Show more', 'Log in'][1 + h % 4], '\",\"selector\":\"main > div:nth-child(', toString(h % 9), ') > button\"}')",
};

const plan = "['free', 'team', 'business'][1 + u % 3]";

/** What each column of `events` is filled with, from `row, u, s, ms, h, identify` of the inner SELECT. */
function columnsOf({ from, events }) {
  const device = `(cityHash64(u, 'device') % ${AGENTS.length})`;
  const properties = Object.entries(PROPERTIES).map(([name, text]) => `event = ${quote(name)}, ${text}`);
  const time = (ms) => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
  return {
    project_id: '1',
    event: `if(identify, '$identify', ${eventOf("(cityHash64(row, 'event') % 1000)")})`,
    type: "multiIf(identify, 'identify', event = '$page', 'page', 'track')",
    message_id: uuid7('ms', 'message', 'row'),
    timestamp: time('ms'),
    // Every clock is off by some seconds, the same for each event of a device.
    original_timestamp: time("ms + toInt64(cityHash64(u, 'clock') % 9000) - 4500 - h % 90"),
    received_at: time("(ms + toInt64(150 + cityHash64(row, 'sent') % 3000) AS received)"),
    sent_at: time("received + toInt64(cityHash64(u, 'clock') % 9000) - 4500 - h % 90"),
    inserted_at: time('intDiv(received, 2000) * 2000 + 2400'),
    anonymous_id: uuid7(`${from} - 86400000 * (u % 90)`, 'anonymous', 'u'),
    user_id: "if(u % 3 = 2 OR (u % 3 = 0 AND (identify OR s > 0)), concat('user-', toString(u)), '')",
    session_id: `if(u % 10 = 9, '', ${uuid7('session_ms', 'session', 'u', 's')})`,
    hostname: "'shop.example.com'",
    path: "multiIf(event IN ('view_item', 'add_to_cart'), concat('/products/', toString(product)), event IN ('begin_checkout', 'purchase'), '/checkout', concat('/', ['', 'pricing', 'blog', 'docs', 'search', 'account', 'about', 'help'][1 + toUInt32(floor(8 * pow(h / 4294967296., 2)))], if(h % 4 = 0, concat('/', toString(h % 50)), '')))",
    search: "if(h % 8 = 0, '?q=coffee', '')",
    url: "concat('https://shop.example.com', path, search)",
    title: "concat('Millrace shop: ', path)",
    referrer_domain: oneOf(REFERRERS, "cityHash64(u, s, 'referrer')"),
    referrer: "if(referrer_domain = '', '', concat('https://', referrer_domain, '/'))",
    utm_source: `if(campaign < 20, ${oneOf(SOURCES, 'campaign')}, '')`,
    utm_medium: `if(campaign < 20, ${oneOf(MEDIA, 'campaign')}, '')`,
    utm_campaign: "if(campaign < 20, concat('autumn-', toString(campaign)), '')",
    channel:
      "multiIf(campaign < 20, '', referrer_domain = '', 'direct', referrer_domain IN ('www.google.com', 'duckduckgo.com'), 'organic', 'referral')",
    browser: oneOf(BROWSERS, device),
    browser_version: "toString(120 + cityHash64(u, 'version') % 24)",
    os: oneOf(SYSTEMS, device),
    os_version: 'toString(10 + u % 5)',
    device_type: oneOf(DEVICES, device),
    user_agent: `replaceAll(${oneOf(AGENTS, device)}, '@', browser_version)`,
    screen_width: '[1440, 390, 1920, 2560][1 + u % 4]',
    screen_height: '[900, 844, 1080, 1440][1 + u % 4]',
    locale: oneOf(['en-GB', 'en-US', 'de-DE', 'fr-FR', 'ne-NP'], 'u'),
    timezone: oneOf(['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Europe/London'], 'u'),
    ip: "concat(toString(1 + u % 220), '.', toString(intDiv(u, 220) % 250), '.', toString(u % 250), '.0')",
    country: oneOf(
      COUNTRIES,
      "toUInt32(floor(16 * pow(cityHash64(u, 'country') / 18446744073709551616., 2)))",
    ),
    library: "'millrace'",
    library_version: "'0.1.0'",
    revenue: "toDecimal64(if(event = 'purchase', price, 0), 4)",
    currency: "if(event = 'purchase', 'EUR', '')",
    is_bot: 'u % 97 = 5',
    content_hash: 'toUInt32(h)',
    properties: `multiIf(${properties.join(', ')}, '{}')`,
    traits: `if(identify, concat('{"email":"user-', toString(u), '@example.com","plan":"', ${plan}, '"}'), '{}')`,
    context: "'{}'",
    log_id: "'log-1'",
    log_offset: `toUInt64(greatest(0, received - ${from}) / ${DAYS * DAY_MS} * ${events / 10})`,
    log_index: 'toUInt32(row % 10)',
  };
}

/** The statements that fill `events`, one for each five days, so that rows come about in the order of their time. */
export function fillStatements({ events, from, to }) {
  const users = Math.max(100, Math.floor(events / EVENTS_OF_A_USER));
  const columns = columnsOf({ from, events });
  const slice = (to - from) / SLICES;
  const who = `toUInt64(floor(${users} * pow(${fraction('number', "'user'")}, 1.7)))`;
  const start = `toInt64(${from} + ${fraction('u', 's', "'start'")} * ${to - from})`;
  const rest = `
    toUInt64(cityHash64(row, 'rest') % 4294967296) AS h,
    toUInt64(cityHash64(row, 'product') % 500) AS product,
    (1 + cityHash64(product, 'price') % 9900) / 100 AS price,
    cityHash64(u, s, 'campaign') % 100 AS campaign,
    concat('experiment-', toString(u % 5)) AS experiment,
    if(cityHash64(u, 'variant') % 2 = 0, 'control', 'treatment') AS variant`;
  return Array.from({ length: SLICES }, (_, n) => {
    const within = `ms >= ${from + n * slice} AND ms < ${from + (n + 1) * slice}`;
    return `INSERT INTO events (${Object.keys(columns).join(', ')})
SELECT ${Object.entries(columns)
      .map(([name, value]) => `${value} AS ${name}`)
      .join(',\n  ')}
FROM
(
  SELECT *, ${rest}
  FROM
  (
    SELECT number AS row, ${who} AS u, cityHash64(number, 'session') % (1 + cityHash64(u, 'sessions') % 14) AS s, false AS identify,
      ${start} AS session_ms, least(session_ms + toInt64(-log(1 - ${fraction('number', "'offset'")}) * 240000), ${to - 1}) AS ms
    FROM numbers(${events})
    WHERE ${within}
    UNION ALL
    SELECT number + ${events} AS row, number * 3 AS u, toUInt64(0) AS s, true AS identify,
      ${start} AS session_ms, least(session_ms + 600000, ${to - 1}) AS ms
    FROM numbers(${Math.floor(users / 3)})
    WHERE ${within}
  )
)`;
  });
}

/** How many bytes of JSON an event was on its way in, on average over a hundredth of the rows: SDKs send all of this. */
export const WIRE_BYTES = `
SELECT avg(length(concat(
    '{"messageId":"', message_id, '","type":"', type, '","event":"', event, '","anonymousId":"', anonymous_id,
    if(user_id = '', '', concat('","userId":"', user_id)), if(session_id = '', '', concat('","sessionId":"', session_id)),
    '","timestamp":"2026-11-21T08:30:00.000Z","properties":', replaceRegexpAll(toString(properties), '"[a-zA-Z_]+":null,?', ''),
    if(type = 'identify', concat(',"traits":', toString(traits)), ''),
    if(currency = '', '', ',"revenue":12.34,"currency":"EUR"'),
    ',"context":{"page":{"url":"', url, '","path":"', path, '","search":"', search, '","title":"', title, '","referrer":"', referrer,
    '"},"userAgent":"', user_agent, '","library":{"name":"millrace","version":"0.1.0"},"locale":"', locale,
    '","screen":{"width":1440,"height":1080},"timezone":"', timezone, '"',
    if(utm_source = '', '', concat(',"campaign":{"source":"', utm_source, '","medium":"', utm_medium, '","name":"', utm_campaign, '"}')),
    '}}'))) AS bytes
FROM events WHERE cityHash64(message_id) % 100 = 0`;
