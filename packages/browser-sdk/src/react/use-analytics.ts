import type { AnyEvents } from '@millrace/core';
import { useContext } from 'react';
import type { Analytics } from '../analytics.ts';
import { createIdleAnalytics } from '../idle-analytics.ts';
import { AnalyticsContext } from './context.ts';

let idle: Analytics | undefined;

/**
 * The client of the nearest `AnalyticsProvider`, the same at each render. Without one, as where a component is tested
 * alone, a client that takes every call and does nothing; the console says so once.
 */
export function useAnalytics<Events extends object = AnyEvents, Traits extends object = object>(): Analytics<
  Events,
  Traits
> {
  const client = useContext(AnalyticsContext);
  if (!client && !idle) {
    idle = createIdleAnalytics();
    // biome-ignore lint/suspicious/noConsole: an event that is not tracked must not go unnoticed, nor break the page.
    console.warn('useAnalytics: there is no <AnalyticsProvider> above; nothing is tracked');
  }
  return (client ?? idle) as Analytics<Events, Traits>;
}
