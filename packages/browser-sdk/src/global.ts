import type { Analytics } from './analytics.ts';
import { createAnalytics } from './client.ts';

declare global {
  interface Window {
    millrace: { createAnalytics: typeof createAnalytics };
    analytics?: Analytics;
  }
}

window.millrace = { createAnalytics };

const script = document.currentScript;

// <script src="https://events.example.com/millrace.js" data-write-key="..."></script> is a whole installation.
if (script instanceof HTMLScriptElement && script.dataset.writeKey !== undefined) {
  const { writeKey, host = new URL(script.src).origin } = script.dataset;
  window.analytics = createAnalytics({ writeKey, host });
  window.analytics.page();
}
