import { init, track } from '@amplitude/analytics-browser';

await init('bench', {
  serverUrl: `${globalThis.bench.host}/2/httpapi`,
  autocapture: false,
  fetchRemoteConfig: false,
}).promise;
globalThis.bench.track = (marker, filler) => void track('bench', { marker, filler });
