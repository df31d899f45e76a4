export type { LossCounts, LossReason } from '@millrace/core';
export type { Analytics } from './analytics.ts';
export { createAnalytics } from './client.ts';
export type { AnalyticsHooks } from './hooks.ts';
export { type AnalyticsOptions, AnalyticsOptionsError } from './options.ts';
