// What is asked: 30 days in the middle of the 60, unless said otherwise. `goal` is the p95 in milliseconds that design asks
// for; `times` how many times the CPU of the peer's row `of` a question may take.

const DAY_MS = 86_400_000;
const SHOP = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];
const steps = (...names) => names.map((event) => ({ event }));
const iso = (ms) => new Date(ms).toISOString();

/** The moments that questions and peers share. */
export function momentsOf({ from }) {
  return { start: from, from: from + 15 * DAY_MS, to: from + 45 * DAY_MS, window: 14 * DAY_MS };
}

export function questionsOf({ from, to }) {
  const range = { from: iso(from), to: iso(to) };
  const funnel = (more) => ['funnels', { range, ...more }];
  return {
    'trends: count, 3 events': {
      ask: ['trends', { range, series: steps('$page', 'view_item', 'purchase') }],
      goal: 500,
    },
    'trends: people of $page': {
      ask: ['trends', { range, series: [{ event: '$page', measure: 'people' }] }],
      goal: 500,
    },
    'trends: $page by country': {
      ask: ['trends', { range, series: steps('$page'), breakdown: { property: 'country' } }],
      goal: 500,
    },
    'trends: view_item by properties.product_id': {
      ask: [
        'trends',
        { range, series: steps('view_item'), breakdown: { property: 'properties.product_id' } },
      ],
      goal: 500,
    },
    'funnel: steps that exclude each other': {
      ask: funnel({ steps: steps(...SHOP) }),
      goal: 500,
      of: 'windowFunnel alone',
      times: 1,
    },
    'funnel: exclusive, with times': {
      ask: funnel({ steps: steps(...SHOP), timeToConvert: {} }),
    },
    'funnel: steps that overlap': {
      ask: funnel({ steps: steps('view_item', 'view_item', 'add_to_cart', 'purchase') }),
      goal: 1000,
      of: 'windowFunnel alone (its figures are wrong)',
      times: 4,
    },
    'funnel: overlapping, half of all rows': {
      ask: funnel({ steps: steps('$page', '$page', 'view_item', 'purchase') }),
      goal: 1000,
      of: 'windowFunnel alone (its figures are wrong)',
      times: 4,
    },
    'funnel: strict': {
      ask: funnel({ steps: steps('view_item', 'add_to_cart', 'begin_checkout'), order: 'strict' }),
      goal: 1000,
      of: 'windowFunnel strict_order, all rows',
      times: 4,
    },
    'funnel: unordered': { ask: funnel({ steps: steps(...SHOP), order: 'unordered' }), goal: 1000 },
    'funnel: with an exclusion': {
      ask: funnel({
        steps: steps(...SHOP),
        exclusions: [{ event: 'search', after: 1, before: 2 }],
      }),
      goal: 2500,
    },
    'retention: 14 days, $page': {
      ask: ['retention', { range, start: { event: '$page' }, periods: 14 }],
      goal: 500,
    },
    'active users: day, week and month': {
      ask: ['active-users', { range }],
      goal: 500,
      of: 'raw, a window for each day',
      times: 1 / 50,
    },
    lifecycle: { ask: ['lifecycle', { range }], goal: 500 },
    stickiness: { ask: ['stickiness', { range }], goal: 500 },
    sessions: { ask: ['sessions', { range }] },
    'journeys: pages of sessions': {
      ask: ['journeys', { range, by: 'path', conversion: { event: 'purchase' } }],
    },
    'journeys: within a day of a start': {
      ask: ['journeys', { range, start: 'view_item', within: { value: 1, unit: 'day' } }],
    },
    attribution: {
      ask: [
        'attribution',
        {
          range,
          conversion: { event: 'purchase', property: 'revenue' },
          lookback: { value: 14, unit: 'day' },
        },
      ],
    },
    revenue: { ask: ['revenue', { range, orders: { event: 'purchase' } }] },
    'ltv: by week': { ask: ['ltv', { range, orders: { event: 'purchase' }, interval: 'week', periods: 4 }] },
    'timeline: the busiest person': { ask: ['timeline', { range, person: 'user-2' }] },
    'live: 30 minutes': { ask: ['live', {}] },
    // Of the last seven days; a rule of an alert asks for one check every few minutes.
    'data quality: all checks': { ask: ['data-quality', {}] },
    'data quality: freshness': { ask: ['data-quality', { checks: ['freshness'] }] },
    'data quality: volume': { ask: ['data-quality', { checks: ['volume'] }] },
    'data quality: schema': { ask: ['data-quality', { checks: ['schema'] }] },
    'data quality: rejected': { ask: ['data-quality', { checks: ['rejected'] }] },
    experiment_performance: {
      sql: 'SELECT * FROM experiment_performance WHERE project_id = 1',
      goal: 500,
    },
    user_journey_analysis: {
      sql: "SELECT stage, count() AS units, avg(touches) AS touches FROM user_journey_analysis WHERE project_id = 1 AND experiment = 'experiment-0' GROUP BY stage",
    },
  };
}
