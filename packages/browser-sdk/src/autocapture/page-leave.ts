import type { AutocaptureClient } from './client.ts';
import { createEngagedTime } from './engaged-time.ts';
import type { Scope } from './scope.ts';

/** What is told when a page view ends, or may end. */
export interface PageLeave {
  /** Tells, unless nothing is new since the last time. */
  leave(): void;
  /** The next page view begins. */
  begin(): void;
}

/**
 * `$page_leave`, whenever a page goes out of sight, since no later moment is certain. A page that comes back and is
 * left again tells again: `$engaged_ms` is what was added since, so sums are right; `$scroll_depth`, in percent, is
 * the most so far.
 */
export function createPageLeave(scope: Scope, client: AutocaptureClient, idleMs = 30_000): PageLeave {
  const time = createEngagedTime(scope, idleMs);
  let lowest = 0;
  let told = false;
  let { href: $url, pathname: $path } = location;
  const look = (): void => {
    lowest = Math.max(lowest, scrollY + innerHeight);
  };
  scope.listen('scroll', look);
  return {
    leave() {
      const $engaged_ms = time.take();
      if (told && $engaged_ms === 0) return;
      told = true;
      look();
      const height = Math.max(1, document.documentElement.scrollHeight);
      const $scroll_depth = Math.round(Math.min(1, lowest / height) * 100);
      client.track('$page_leave', { $engaged_ms, $scroll_depth, $path, $url });
    },
    begin() {
      time.take();
      time.resume();
      lowest = 0;
      told = false;
      ({ href: $url, pathname: $path } = location);
    },
  };
}
