export type { AnyEvents, EventContext, LossCounts, LossReason } from '@millrace/core';
export type { CompiledDefinitions, Evaluator } from '@millrace/core/evaluation';
export type { AnyFlags, Bootstrap, Evaluations, VariantDetails, Variants } from '@millrace/core/variants';
export type { AnalyticsIds } from '../analytics.ts';
export type { AnalyticsEvent, AnalyticsOptionsError, ConsentState } from '../options.ts';
export type { VariantAnalytics, VariantHooks } from './analytics.ts';
export { createAnalytics } from './client.ts';
export { createEvaluator } from './evaluator.ts';
export type { VariantOptions } from './options.ts';
