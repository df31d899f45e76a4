import type { AnyEvents } from '@millrace/core';
import type { Analytics } from '../analytics.ts';
import { useAnalytics } from './use-analytics.ts';

/** `track` of the nearest provider's client, the same function at each render: fit for handlers and dependencies. */
export function useTrack<Events extends object = AnyEvents>(): Analytics<Events>['track'] {
  return useAnalytics<Events>().track;
}
