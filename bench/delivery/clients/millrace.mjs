import { createAnalytics } from '@millrace/browser-sdk';

const analytics = createAnalytics({ writeKey: globalThis.bench.writeKey, host: globalThis.bench.host });
globalThis.bench.track = (marker, filler) => analytics.track('bench', { marker, filler });
globalThis.bench.flush = () => analytics.flush();
