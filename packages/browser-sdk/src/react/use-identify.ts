import { useEffect, useRef } from 'react';
import { useAnalytics } from './use-analytics.ts';

/**
 * The visitor is this user while there is one: `identify` at a log-in or when the traits have changed, `reset` once the
 * user is gone. While it is not known yet who it is, `undefined` changes nothing.
 */
export function useIdentify(userId: string | undefined | null, traits?: object): void {
  const client = useAnalytics();
  const told = useRef<string>(undefined);
  const known = userId ? JSON.stringify([userId, traits]) : undefined;
  useEffect(() => {
    if (known === told.current) return;
    if (known) {
      const [id, its] = JSON.parse(known) as [string, object | undefined];
      client.identify(id, its ?? undefined);
    } else client.reset();
    told.current = known;
  }, [client, known]);
}
