import { AnalyticsBrowser } from '@segment/analytics-next';

/** Starts Segment with more settings of its destination. */
export async function loadSegment(settings) {
  const { host } = new URL(globalThis.bench.host);
  const destination = { apiKey: 'bench', apiHost: `${host}/v1`, protocol: 'http', ...settings };
  const analytics = AnalyticsBrowser.load({
    writeKey: 'bench',
    cdnSettings: { integrations: { 'Segment.io': destination } },
  });
  await analytics.ready();
  globalThis.bench.track = (marker, filler) => void analytics.track('bench', { marker, filler });
}
