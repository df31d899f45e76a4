import mixpanel from 'mixpanel-browser';

mixpanel.init('bench', { api_host: globalThis.bench.host, autocapture: false, track_pageview: false });
globalThis.bench.track = (marker, filler) => mixpanel.track('bench', { marker, filler });
