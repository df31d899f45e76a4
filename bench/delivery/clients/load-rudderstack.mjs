import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';

/** Starts RudderStack, its plugins in the bundle, with more options. */
export async function loadRudderStack(options) {
  const analytics = new RudderAnalytics();
  const source = {
    id: 'bench',
    name: 'bench',
    writeKey: 'bench',
    enabled: true,
    workspaceId: 'bench',
    config: {},
    connections: [],
    destinations: [],
    dataplanes: {},
  };
  const ready = new Promise((resolve) => analytics.ready(resolve));
  analytics.load('bench', globalThis.bench.host, {
    getSourceConfig: () => ({ source }),
    sendAdblockPage: false,
    ...options,
  });
  await ready;
  globalThis.bench.track = (marker, filler) => analytics.track('bench', { marker, filler });
}
