export type { AnyEvents, EventContext, LossCounts, LossReason } from '@millrace/core';
export type { Analytics, AnalyticsIds } from './analytics.ts';
export { createAnalytics } from './client.ts';
export type { AnalyticsHooks } from './hooks.ts';
export type {
  AnalyticsEvent,
  AnalyticsOptions,
  AnalyticsOptionsError,
  ConsentState,
} from './options.ts';
