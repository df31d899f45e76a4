import { useEffect, useRef } from 'react';
import { useAnalytics } from './use-analytics.ts';

/**
 * The visitor is this user while there is one: `identify` at a log-in or when the traits have changed, `reset` once the
 * user is gone (`null`). While it is not known who it is, `undefined` changes nothing.
 */
export function useIdentify(userId: string | undefined | null, traits?: object): void {
  const client = useAnalytics();
  const latest = useRef(traits);
  latest.current = traits;
  const told = useRef('');
  const known = userId ? keyOf(userId, traits) : '';
  useEffect(() => {
    if (userId === undefined || known === told.current) return;
    told.current = known;
    if (userId) client.identify(userId, latest.current);
    else client.reset();
  }, [client, userId, known]);
}

/** The same for the same user and traits: a new object at each render is no change. */
function keyOf(userId: string, traits: object | undefined): string {
  try {
    return JSON.stringify([userId, traits]);
  } catch {
    // A cycle, which the client counts as what it is; a render must not fail of it.
    return userId;
  }
}
