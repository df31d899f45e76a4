import type { Analytics } from './analytics.ts';
import { createAnalytics } from './client.ts';

type Call = [method: keyof Analytics, ...given: never[]];

declare global {
  interface Window {
    millrace?: { createAnalytics: typeof createAnalytics };
    analytics?: Analytics;
  }
}

// A page may hold the script twice.
if (!window.millrace) {
  window.millrace = { createAnalytics };
  const script = document.currentScript as HTMLScriptElement | null;
  // <script src="https://events.example.com/millrace.js" data-write-key="..."></script> is a whole installation.
  if (script?.dataset.writeKey) {
    // What the snippet was called with before the script was there.
    const early = window.analytics as unknown;
    const calls = Array.isArray(early) ? ([...early] as Call[]) : [];
    const options = { host: new URL(script.src).origin, ...script.dataset };
    const analytics = createAnalytics(options as never);
    window.analytics = analytics;
    if (!calls.some(([method]) => method === 'page')) analytics.page();
    for (const [method, ...given] of calls) {
      (analytics[method] as ((...given: never[]) => void) | undefined)?.(...given);
    }
  }
}
