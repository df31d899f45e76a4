export { segmentOptions } from './call.ts';
export { type SegmentAnalytics, segmentFacade } from './facade.ts';
export type { Callback, SegmentClient, SegmentContext, SegmentOptions } from './types.ts';
