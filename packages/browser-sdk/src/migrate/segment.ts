import { attempt } from './browser-values.ts';
import { ids } from './parse.ts';

/**
 * analytics.js keeps each id in a cookie and in localStorage: as it is, or as JSON text with its quotes, by version.
 * https://github.com/segmentio/analytics-next/blob/master/packages/browser/src/core/user/index.ts
 */
function plain(value: string): unknown {
  return value.startsWith('"') ? attempt(() => JSON.parse(value)) : value === 'null' ? undefined : value;
}

export const fromSegmentAnonymousId = (value: string) => ids(plain(value));
export const fromSegmentUserId = (value: string) => ids(undefined, plain(value));
