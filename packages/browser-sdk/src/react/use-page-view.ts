import { useEffect, useRef } from 'react';
import { useAnalytics } from './use-analytics.ts';

/**
 * Tracks a page view when the component is mounted, and whenever `name` changes; strict mode, which mounts twice, makes
 * no second one. Not together with autocapture's page views.
 */
export function usePageView(name: string, properties?: object): void {
  const client = useAnalytics();
  const seen = useRef<string>(undefined);
  // A new object at each render is no new page view.
  const latest = useRef(properties);
  latest.current = properties;
  useEffect(() => {
    if (seen.current === name) return;
    seen.current = name;
    client.page(name, latest.current);
  }, [client, name]);
}
