import type { Scope } from './scope.ts';

/** For how long a page was looked at. */
export interface EngagedTime {
  /** The milliseconds that were counted since the last call. Pauses until the next sign of life, or `resume`. */
  take(): number;
  resume(): void;
}

/** Counts while the page is visible, and for no longer than `idleMs` after each sign of life. */
export function createEngagedTime(scope: Scope, idleMs: number): EngagedTime {
  let total = 0;
  let since = performance.now();
  let running = document.visibilityState === 'visible';
  const count = (next: boolean): void => {
    const now = performance.now();
    if (running) total += Math.min(now - since, idleMs);
    since = now;
    running = next;
  };
  const resume = () => count(document.visibilityState === 'visible');
  scope.listen('pointermove pointerdown keydown wheel scroll touchmove pageshow', resume);
  scope.listen('visibilitychange', resume);
  return {
    resume,
    take() {
      count(false);
      const taken = Math.round(total);
      total = 0;
      return taken;
    },
  };
}
