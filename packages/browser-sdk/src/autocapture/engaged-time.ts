import type { Scope } from './scope.ts';

/** For how long a page was looked at. */
export interface EngagedTime {
  /** The milliseconds since the last call; `pause` ends the counting until there is a sign of life. */
  take(pause: boolean): number;
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
  const onLife = () => count(document.visibilityState === 'visible');
  scope.listen('pointermove pointerdown keydown wheel scroll touchmove pageshow', onLife);
  scope.listen('visibilitychange', onLife);
  return {
    take(pause) {
      count(running && !pause);
      const taken = Math.round(total);
      total = 0;
      return taken;
    },
  };
}
