import { newTracker, trackStructEvent } from '@snowplow/browser-tracker';

newTracker('bench', globalThis.bench.host, { appId: 'bench', encodeBase64: false });
globalThis.bench.track = (marker, filler) =>
  trackStructEvent({ category: 'bench', action: 'track', label: marker, property: filler });
