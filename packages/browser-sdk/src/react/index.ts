export { type AnalyticsPlugin, AnalyticsProvider, type AnalyticsProviderProps } from './provider.ts';
export { useAnalytics } from './use-analytics.ts';
export { useFlag } from './use-flag.ts';
export { useIdentify } from './use-identify.ts';
export { usePageView } from './use-page-view.ts';
export { useTrack } from './use-track.ts';
export { useVariant } from './use-variant.ts';
