import posthog from 'posthog-js';

posthog.init('phc_bench', {
  api_host: globalThis.bench.host,
  autocapture: false,
  capture_pageview: false,
  capture_pageleave: false,
  disable_session_recording: true,
  disable_surveys: true,
  disable_external_dependency_loading: true,
  advanced_disable_flags: true,
  // Else the headless browser counts as a robot.
  opt_out_useragent_filter: true,
});
globalThis.bench.track = (marker, filler) => posthog.capture('bench', { marker, filler });
