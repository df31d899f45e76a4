import { readFileSync } from 'node:fs';

/** What is measured: a client in `clients/` each, and the package whose version counts. */
const CLIENTS = {
  millrace: '@millrace/browser-sdk',
  posthog: 'posthog-js',
  segment: '@segment/analytics-next',
  'segment-batching': '@segment/analytics-next',
  rudderstack: '@rudderstack/analytics-js',
  'rudderstack-beacon': '@rudderstack/analytics-js',
  snowplow: '@snowplow/browser-tracker',
  amplitude: '@amplitude/analytics-browser',
  mixpanel: 'mixpanel-browser',
};

/** `{ name, label }` of every SDK; ours is the first. */
export const SDKS = Object.entries(CLIENTS).map(([name, from]) => {
  const { version } = JSON.parse(
    readFileSync(new URL(`../node_modules/${from}/package.json`, import.meta.url), 'utf8'),
  );
  return { name, label: `${name} ${version}` };
});
