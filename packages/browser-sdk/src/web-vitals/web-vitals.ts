import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';

/** What web vitals need of a client. */
export interface WebVitalsClient {
  track(event: string, properties?: object): void;
}

const watched = new WeakSet<WebVitalsClient>();

/**
 * Tracks `$web_vital` for CLS, FCP, INP, LCP and TTFB, each when its value is final: the first ones soon after the
 * page has loaded, the others when it is hidden. Times are in milliseconds, CLS has no unit. Watches a client once,
 * however often it is called; on a server it does nothing.
 */
export function webVitals(client: WebVitalsClient): void {
  if (typeof document === 'undefined' || watched.has(client)) return;
  watched.add(client);
  const report = ({ name, value, rating, id, navigationType }: MetricType): void =>
    client.track('$web_vital', {
      $name: name,
      // CLS is a small fraction; of the times, what is below a tenth of a millisecond is noise.
      $value: Number(value.toFixed(name === 'CLS' ? 4 : 1)),
      $rating: rating,
      $metric_id: id,
      $navigation_type: navigationType,
    });
  for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) watch(report);
}
